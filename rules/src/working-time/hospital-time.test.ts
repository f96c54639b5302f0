import { expect, test } from 'vitest'
import { addDays, hospitalCalendar } from './hospital-time.ts'

test('the hospital day follows the hospital zone, not the machine', () => {
  const halfPastFourUtc = Date.UTC(2026, 10, 21, 16, 30)
  expect(hospitalCalendar('Asia/Shanghai').dayOf(halfPastFourUtc)).toBe('2026-11-22')
  expect(hospitalCalendar('Europe/London').dayOf(halfPastFourUtc)).toBe('2026-11-21')
  expect(hospitalCalendar('Asia/Shanghai').clockOf(halfPastFourUtc)).toBe('00:30')
})

test('days are added over month, year and leap day', () => {
  expect(addDays('2026-12-31', 1)).toBe('2027-01-01')
  expect(addDays('2028-02-28', 1)).toBe('2028-02-29')
  expect(addDays('2026-03-01', -1)).toBe('2026-02-28')
})

test('an unknown zone is a fault, not a guess', () => {
  expect(() => hospitalCalendar('Mars/Olympus')).toThrow(RangeError)
})
