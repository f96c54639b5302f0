import { expect, test } from 'vitest'
import { hospitalCalendar } from '../working-time/hospital-time.ts'
import { appointmentStanding, isOpenStanding, type StandingInput } from './appointment-standing.ts'

const minute = 60_000
const nineOClock = Date.UTC(2026, 10, 22, 1, 0)
const base: StandingInput = {
  booking: { state: 'booked', slotStart: nineOClock, slotEnd: nineOClock + 30 * minute, movedTo: null, siteId: 'here' },
  clinic: { opensBeforeMin: 60, lateAfterMin: 10, closesAfterMin: 60 },
  checkedInAt: null,
  siteId: 'here',
  calendar: hospitalCalendar('Asia/Shanghai'),
  now: nineOClock,
}
const at = (now: number) => appointmentStanding({ ...base, now })

test('check-in opens and the late list begins at the minute the clinic says', () => {
  expect(at(nineOClock - 60 * minute - 1)).toEqual({ standing: 'too-early', at: nineOClock - 60 * minute })
  expect(at(nineOClock - 60 * minute).standing).toBe('on-time')
  expect(at(nineOClock + 10 * minute).standing).toBe('on-time')
  expect(at(nineOClock + 10 * minute + 1).standing).toBe('late')
  expect(at(nineOClock + 90 * minute - 1).standing).toBe('late')
  expect(at(nineOClock + 90 * minute).standing).toBe('closed')
})

test('the day is the hospital day: a minute to midnight is another day than a minute past', () => {
  const midnight = Date.UTC(2026, 10, 22, 16, 0)
  const late = { ...base.booking, slotStart: midnight, slotEnd: midnight + 30 * minute }
  expect(appointmentStanding({ ...base, booking: late, now: midnight - 1 }).standing).toBe('other-day')
  expect(appointmentStanding({ ...base, booking: late, now: midnight }).standing).toBe('on-time')
})

test('a number once given stays, whatever happened to the booking since', () => {
  const cancelled = { ...base.booking, state: 'cancelled' as const }
  expect(appointmentStanding({ ...base, booking: cancelled, checkedInAt: 7 })).toEqual({
    standing: 'checked-in',
    at: 7,
  })
})

test('cancelled, moved and other-campus bookings say so', () => {
  const booking = (change: object) => appointmentStanding({ ...base, booking: { ...base.booking, ...change } })
  expect(booking({ state: 'cancelled' }).standing).toBe('cancelled')
  expect(booking({ state: 'rescheduled', movedTo: 5 })).toEqual({ standing: 'rescheduled', at: 5 })
  expect(booking({ siteId: 'there' }).standing).toBe('other-site')
})

test('only on-time and late may check in', () => {
  expect((['on-time', 'late', 'closed', 'checked-in', 'too-early'] as const).filter(isOpenStanding)).toEqual([
    'on-time',
    'late',
  ])
})
