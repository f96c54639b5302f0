import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeGb18030 } from './gb18030-text.ts'
import { glyphSets, printsAsText } from './glyph-set.ts'

function hanOf(set: (typeof glyphSets)[number]): number {
  const codePoints = Array.from({ length: 0x10000 - 0x3400 }, (_each, offset) => 0x3400 + offset)
  return codePoints
    .filter((codePoint) => codePoint < 0xd800 || codePoint > 0xf8ff)
    .map((codePoint) => String.fromCodePoint(codePoint))
    .filter((character) => /\p{Script=Han}/u.test(character) && printsAsText(character, set)).length
}

test('each set has as many Han characters as its standard', () => {
  expect(hanOf('gb2312')).toBe(6763)
  // 20,902 and the 21 compatibility characters that GBK took from Unicode.
  expect(hanOf('gbk')).toBe(20_923)
  // The same and the 6,582 of Extension A.
  expect(hanOf('gb18030')).toBe(27_505)
})

test('a larger set has whatever a smaller one has', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const [small, middle, large] = glyphSets.map((set) => printsAsText(text, set))
      expect(!small || middle).toBe(true)
      expect(!middle || large).toBe(true)
    }),
  )
})

test('what prints as text with a GBK font is sent in two bytes, which such a printer understands', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0x80, max: 0xffff }), (codePoint) => {
      const character = String.fromCodePoint(codePoint)
      if (printsAsText(character, 'gbk')) expect(encodeGb18030(character)).toHaveLength(2)
    }),
    { numRuns: 5000 },
  )
})

test('rare characters of names are in the sets that have them', () => {
  const inSets = (character: string) => glyphSets.map((set) => printsAsText(character, set))
  expect(inSets('张')).toEqual([true, true, true])
  expect(inSets('镕')).toEqual([false, true, true])
  expect(inSets('䶮')).toEqual([false, false, true])
  for (const character of ['𠮷', '𬭎', '鿏', 'Ç', '\ue000']) expect(inSets(character)).toEqual([false, false, false])
})
