import fc from 'fast-check'
import { expect, test } from 'vitest'
import { code128Modules } from './code128-modules.ts'

function textOf(modules: readonly boolean[]): string {
  return modules.map((dark) => (dark ? '1' : '0')).join('')
}

test('the symbol is start, characters, check digit and stop of the standard', () => {
  // A is value 33: the check digit is (104 + 33) mod 103 = 34.
  expect(textOf(code128Modules('A'))).toBe('11010010000' + '10100011000' + '10001011000' + '1100011101011')
})

test('every symbol is as wide as its text asks for, and different texts differ', () => {
  const ascii = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 40 })
  fc.assert(
    fc.property(ascii, ascii, (one, other) => {
      const modules = code128Modules(one)
      expect(modules).toHaveLength(11 * (one.length + 2) + 13)
      if (one !== other) expect(textOf(modules)).not.toBe(textOf(code128Modules(other)))
    }),
  )
})
