import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  groupReceiptNumber,
  isReceiptNumber,
  receiptNumberOf,
  seriesMarkAt,
  typedReceiptDigits,
} from './receipt-number.ts'

const parts = fc.record({
  day: fc
    .date({ min: new Date('2026-01-01T00:00:00Z'), max: new Date('2099-12-31T00:00:00Z'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10)),
  stationLetter: fc.constantFrom(...'ABCDEFGHJKLMNPQRSTUVWXYZ'),
  mark: fc.integer({ min: 0, max: 999 }),
  sequence: fc.integer({ min: 1, max: 999 }),
})

test('a number is fifteen digits, says its day and station, and survives being grouped and typed again', () => {
  expect(receiptNumberOf({ day: '2026-11-22', stationLetter: 'K', mark: 320, sequence: 1 })).toMatch(
    /^26112211320001\d$/,
  )
  fc.assert(
    fc.property(parts, (given) => {
      const number = receiptNumberOf(given)
      const shown = groupReceiptNumber(number)
      const fullWidth = shown.replace(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0))
      return isReceiptNumber(number) && typedReceiptDigits(shown) === number && typedReceiptDigits(fullWidth) === number
    }),
  )
})

test('two that differ in any part are two numbers', () => {
  fc.assert(
    fc.property(parts, parts, (one, other) => {
      const same = JSON.stringify(one) === JSON.stringify(other)
      return (receiptNumberOf(one) === receiptNumberOf(other)) === same
    }),
  )
})

test('every wrong digit and every swap of two neighbours is noticed', () => {
  fc.assert(
    fc.property(parts, (given) => {
      const number = receiptNumberOf(given)
      for (let at = 0; at < number.length; at += 1) {
        for (const digit of '0123456789') {
          if (digit === number[at]) continue
          expect(isReceiptNumber(`${number.slice(0, at)}${digit}${number.slice(at + 1)}`)).toBe(false)
        }
        const [here, next] = [number[at], number[at + 1]]
        if (next === undefined || here === next) continue
        expect(isReceiptNumber(`${number.slice(0, at)}${next}${here}${number.slice(at + 2)}`)).toBe(false)
      }
    }),
    { numRuns: 50 },
  )
})

test('a day has 960 marks; parts out of range make no number', () => {
  expect([seriesMarkAt('00:00'), seriesMarkAt('00:01'), seriesMarkAt('00:02'), seriesMarkAt('23:59')]).toEqual([
    0, 0, 1, 959,
  ])
  const good = { day: '2026-11-22', stationLetter: 'K', mark: 1, sequence: 1 }
  for (const bad of [{ mark: 1000 }, { mark: -1 }, { sequence: 0 }, { sequence: 1000 }, { day: '22.11.' }]) {
    expect(() => receiptNumberOf({ ...good, ...bad })).toThrow(RangeError)
  }
})
