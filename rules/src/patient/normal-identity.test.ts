import fc from 'fast-check'
import { expect, test } from 'vitest'
import { idNumberCheckDigit, isIdNumber } from './id-number.ts'
import { normalIdNumber, normalPhone } from './normal-identity.ts'

const wide = (text: string) => text.replace(/[!-~]/g, (char) => String.fromCharCode(char.charCodeAt(0) + 0xfee0))

const idNumbers = fc
  .tuple(
    fc.integer({ min: 110_000, max: 659_999 }),
    fc.date({ min: new Date('1900-01-01T00:00Z'), max: new Date('1999-12-31T00:00Z'), noInvalidDate: true }),
    fc.integer({ min: 0, max: 999 }),
  )
  .map(([region, birth, order]) => {
    const first = `${region}${birth.toISOString().slice(0, 10).replaceAll('-', '')}${String(order).padStart(3, '0')}`
    return `${first}${idNumberCheckDigit(first)}`
  })

test('an ID number is found however it was typed: small x, full-width, with blanks, or by its fifteen old digits', () => {
  fc.assert(
    fc.property(idNumbers, (idNumber) => {
      expect(isIdNumber(idNumber)).toBe(true)
      const old = `${idNumber.slice(0, 6)}${idNumber.slice(8, 17)}`
      const spaced = `${idNumber.slice(0, 6)} ${idNumber.slice(6, 14)}-${idNumber.slice(14)}\u3000`
      for (const typed of [idNumber, idNumber.toLowerCase(), wide(idNumber), spaced, old, wide(old)]) {
        expect(normalIdNumber(typed)).toBe(idNumber)
      }
    }),
  )
})

test('a mobile number is found with and without its country code, blanks, dashes and full-width digits', () => {
  const phones = fc.integer({ min: 0, max: 9_999_999_999 }).map((rest) => `1${String(rest).padStart(10, '0')}`)
  fc.assert(
    fc.property(phones, (phone) => {
      const grouped = `${phone.slice(0, 3)} ${phone.slice(3, 7)}-${phone.slice(7)}`
      for (const typed of [
        phone,
        `+86${phone}`,
        `0086 ${phone}`,
        `+86 ${grouped}`,
        `86${phone}`,
        wide(`+86${phone}`),
      ]) {
        expect(normalPhone(typed)).toBe(phone)
      }
    }),
  )
})

test('numbers that differ stay different, and those of other countries keep theirs', () => {
  expect(normalPhone('+852 2345 6789')).toBe('+85223456789')
  expect(normalPhone('00852 2345 6789')).toBe('+85223456789')
  expect(normalPhone('(021) 1234-5678')).toBe('02112345678')
  fc.assert(
    fc.property(idNumbers, idNumbers, (one, other) => {
      expect(normalIdNumber(one) === normalIdNumber(other)).toBe(one === other)
    }),
  )
})

test('bringing a number into its form twice changes nothing, whatever the text was', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(normalPhone(normalPhone(text))).toBe(normalPhone(text))
      const id = normalIdNumber(text)
      expect(normalIdNumber(id)).toBe(id)
    }),
  )
})
