import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bookingCodeOf, groupBookingCode, isBookingCode } from './booking-code.ts'

test('a made code is a code, and stays the same digits when grouped', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^\d{8}$/), (eight) => {
      const code = bookingCodeOf(eight)
      return isBookingCode(code) && groupBookingCode(code).replaceAll(' ', '') === code
    }),
  )
})

test('codes are shown in threes while they are typed', () => {
  expect(['1', '123', '1234', '123456', '1234567', '123456789'].map(groupBookingCode)).toEqual([
    '1',
    '123',
    '123 4',
    '123 456',
    '123 456 7',
    '123 456 789',
  ])
})

test('a code of another length is no code', () => {
  expect(isBookingCode('0')).toBe(false)
  expect(isBookingCode('0000000000')).toBe(false)
})
