import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hospitalCalendar } from './hospital-time.ts'
import { openMinutesBetween, readOpeningHours } from './open-minutes.ts'

const calendar = hospitalCalendar('Asia/Shanghai')
const hours = { opensMin: 7 * 60, closesMin: 18 * 60 }
const at = (text: string) => Date.parse(`${text}+08:00`)
const between = (from: string, to: string) => openMinutesBetween(hours, calendar, at(from), at(to))

test('only what lies between opening and closing counts, whole days of it too', () => {
  expect(between('2026-11-22T08:00', '2026-11-22T08:10')).toBe(10)
  expect(between('2026-11-22T17:55', '2026-11-22T23:00')).toBe(5)
  expect(between('2026-11-22T18:05', '2026-11-23T06:59')).toBe(0)
  expect(between('2026-11-22T18:05', '2026-11-23T07:15')).toBe(15)
  expect(between('2026-11-20T17:50', '2026-11-23T07:05')).toBe(10 + 2 * 660 + 5)
  expect(between('2026-11-22T08:10', '2026-11-22T08:00')).toBe(0)
})

test('minutes of two stretches add up to those of both together', () => {
  const moment = fc.integer({ min: at('2026-01-01T00:00'), max: at('2027-01-01T00:00') })
  fc.assert(
    fc.property(fc.tuple(moment, moment, moment), (moments) => {
      const [a = 0, b = 0, c = 0] = moments.toSorted((one, other) => one - other)
      const minutes = (from: number, to: number) => openMinutesBetween(hours, calendar, from, to)
      expect(minutes(a, b) + minutes(b, c)).toBe(minutes(a, c))
      expect(minutes(a, c)).toBeLessThanOrEqual((c - a) / 60_000 + 1)
    }),
  )
})

test('opening hours are read from text, and nonsense is none', () => {
  expect(readOpeningHours('07:00-18:00')).toEqual(hours)
  for (const text of ['', '7-18', '18:00-07:00', '07:00-07:00', '24:00-25:00']) {
    expect(readOpeningHours(text)).toBeNull()
  }
})
