import fc from 'fast-check'
import { expect, test } from 'vitest'
import { maskIdNumber, maskPhone } from './mask-digits.ts'

test('a phone number keeps its first three and last four digits, a short one its last two', () => {
  expect(maskPhone('13800138000')).toBe('138****8000')
  expect(maskPhone('10086')).toBe('****86')
})

test('an ID number keeps its last four characters and its length', () => {
  expect(maskIdNumber('11010119900307002X')).toBe('**************002X')
})

test('at least four digits of any phone and all but four characters of any ID number are hidden', () => {
  const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 5, maxLength: 18 })
  fc.assert(
    fc.property(digits, (text) => {
      expect(maskPhone(text)).toMatch(/^\d*\*{4}\d{2,4}$/)
      expect(maskPhone(text)).not.toContain(text)
      expect(maskIdNumber(text).replaceAll('*', '').length).toBeLessThanOrEqual(4)
    }),
  )
})
