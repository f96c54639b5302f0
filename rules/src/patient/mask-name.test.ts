import fc from 'fast-check'
import { expect, test } from 'vitest'
import { maskName } from './mask-name.ts'

test.each([
  ['张三', '张*'],
  ['王小明', '王*明'],
  ['欧阳小明', '欧阳*明'],
  ['欧阳明', '欧阳*'],
  ['司马相如', '司马*如'],
  ['李', '李*'],
  ['爱新觉罗', '爱**罗'],
  ['阿卜杜拉·买买提', '阿***·买**'],
  ['𠮷野', '𠮷*'],
  ['张䶮', '张*'],
  ['Mary Ann Smith', 'M*** S****'],
  ['Bo', 'B*'],
])('%s is shown as %s', (name, masked) => {
  expect(maskName(name)).toBe(masked)
})

test('no name of two or more characters is ever shown whole, and no mask is empty', () => {
  const character = fc.oneof(
    fc.integer({ min: 0x4e00, max: 0x9fff }).map((point) => String.fromCodePoint(point)),
    fc.constantFrom('a', 'Z', '·', ' ', '𠮷', 'é'),
  )
  fc.assert(
    fc.property(fc.string({ unit: character, minLength: 2, maxLength: 20 }), (name) => {
      const masked = maskName(name)
      return masked.includes('*') && masked !== name
    }),
  )
})
