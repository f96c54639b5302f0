import { groupBookingCode } from '../appointment/booking-code.ts'
import { dammCheckDigit, hasDammCheckDigit } from '../rule/damm.ts'

/** Digits of a receipt number (回执号), the check digit included. */
export const receiptNumberLength = 15

/** The sequence that follows 999 begins a series of its own. */
export const mostInSeries = 999

/** What a receipt number is made of. */
export interface ReceiptParts {
  /** The hospital's day, `2026-11-22`. */
  day: string
  /** The letter of the station; within a day it belongs to one machine. */
  stationLetter: string
  /** The mark of the series: 0 to 999, see `seriesMarkAt`. */
  mark: number
  /** 1 to 999. */
  sequence: number
}

/**
 * The receipt number: the day (yymmdd), the station's letter as its place in the alphabet (2), the mark of the series (3), the
 * sequence (3), and a Damm check digit, which finds every wrong digit and every swap of two neighbours. Digits only, for a
 * telephone's keys. Throws a RangeError when a part is out of its range.
 */
export function receiptNumberOf({ day, stationLetter, mark, sequence }: ReceiptParts): string {
  const date = /^\d\d(\d\d)-(\d\d)-(\d\d)$/.exec(day)
  const inRange = mark >= 0 && mark <= 999 && sequence >= 1 && sequence <= mostInSeries
  if (date === null || !/^[A-Z]$/.test(stationLetter) || !inRange) throw new RangeError('no part of a receipt number')
  const station = String(stationLetter.charCodeAt(0) - 64).padStart(2, '0')
  const digits = `${date.slice(1).join('')}${station}${threeDigits(mark)}${threeDigits(sequence)}`
  return `${digits}${dammCheckDigit(digits)}`
}

/** Whether fifteen digits are a number that can exist; told without any search, so a typo costs nothing. */
export function isReceiptNumber(digits: string): boolean {
  return digits.length === receiptNumberLength && hasDammCheckDigit(digits)
}

/** The digits of what somebody typed or pasted: blanks and hyphens between them, and full-width digits, are forgiven. */
export function typedReceiptDigits(text: string): string {
  return text.normalize('NFKC').replace(/[\s-]/g, '')
}

/** A number as it is shown, printed and read aloud, in threes: `261 122 113 200 017`. */
export function groupReceiptNumber(digits: string): string {
  return groupBookingCode(digits)
}

/**
 * The mark of a series that begins at a wall-clock time (`08:05`): which minute and a half of the day, 0 to 959. A disk that is
 * put back begins another series at its next start, later than the one that it has forgotten: no number repeats, though
 * neither the centre nor a lease is asked.
 */
export function seriesMarkAt(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number)
  return Math.floor((hours * 60 + minutes) / 1.5)
}

function threeDigits(count: number): string {
  return String(count).padStart(3, '0')
}
