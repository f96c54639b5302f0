import { dammCheckDigit, hasDammCheckDigit } from '../rule/damm.ts'

/** Digits of a booking code (预约码), the check digit included. */
export const bookingCodeLength = 9

/** Whether nine typed digits are a code that can exist; told without any search, so a typo costs nothing. */
export function isBookingCode(digits: string): boolean {
  return digits.length === bookingCodeLength && hasDammCheckDigit(digits)
}

/** The booking code of eight digits, which the caller draws at random. */
export function bookingCodeOf(eightDigits: string): string {
  if (!/^\d{8}$/.test(eightDigits)) throw new RangeError('a booking code is made of eight digits')
  return `${eightDigits}${dammCheckDigit(eightDigits)}`
}

/** A code as it is shown and read aloud, in threes: `123 456 789`. Works on half-typed codes too. */
export function groupBookingCode(digits: string): string {
  return digits.replace(/(\d{3})(?=\d)/g, '$1 ')
}
