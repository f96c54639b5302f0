import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pinyinInitials } from './pinyin-initials.ts'

test.each([
  ['张三', 'ZS'],
  ['王小明', 'WXM'],
  ['欧阳示范', 'OYSF'],
  ['单雄信', 'SXX'],
  ['曾国藩', 'ZGF'],
  ['尉迟恭', 'YCG'],
  ['区大为', 'ODW'],
  ['阿卜杜拉·买买提', 'ABDLMMT'],
  ['Mary Ann Smith', 'MAS'],
  ['Élodie', 'E'],
  ['', ''],
  ['123', ''],
])('%s has the initials %s', (name, initials) => {
  expect(pinyinInitials(name)).toBe(initials)
})

test('initials are capitals of A to Z, one at most for each character, and never more than thirty', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (name) => {
      const initials = pinyinInitials(name)
      expect(initials).toMatch(/^[A-Z]{0,30}$/)
      expect(initials.length).toBeLessThanOrEqual([...name.normalize('NFKC')].length)
    }),
  )
})

test('of one syllable for every letter the first letter is found', () => {
  const words = '安 白 陈 丁 鄂 方 高 黄 江 孔 李 马 倪 欧 潘 秦 任 孙 唐 吴 徐 杨 赵'.split(' ')
  expect(words.map(pinyinInitials).join('')).toBe('ABCDEFGHJKLMNOPQRSTWXYZ')
})
