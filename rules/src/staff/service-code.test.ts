import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isServiceCode, serviceCodeOf } from './service-code.ts'

const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 4, maxLength: 6 })

test('every code of four to six digits is one, and with any single digit mistyped it is none', () => {
  const place = fc.tuple(digits, fc.nat(6), fc.integer({ min: 1, max: 9 }))
  fc.assert(
    fc.property(place, ([text, at, by]) => {
      const code = serviceCodeOf(text)
      expect(isServiceCode(code)).toBe(true)
      const index = at % code.length
      const wrong = String((Number(code[index]) + by) % 10)
      expect(isServiceCode(code.slice(0, index) + wrong + code.slice(index + 1))).toBe(false)
    }),
  )
})

test('what has another length is no code and makes none', () => {
  expect(() => serviceCodeOf('123')).toThrow(RangeError)
  expect(isServiceCode('00000000')).toBe(false)
})
