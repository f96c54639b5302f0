import type { BookingRow } from '@yizhan/contracts/appointment'
import type { Standing } from '@yizhan/contracts/check-in'
import { appointmentStanding } from '@yizhan/rules/check-in/appointment-standing'
import type { HospitalCalendar } from '@yizhan/rules/working-time/hospital-time'
import { demoStation, demoStructure } from './demo-hospital.ts'

/** What a demo booking shows when it is tried at the lobby kiosk: a standing, or a patient with two appointments. */
export type DemoKind = Exclude<Standing, 'checked-in'> | 'two-appointments'

/** How many of each kind there should be at any time: some forty in all. */
export const demoWants: Record<DemoKind, number> = {
  'on-time': 14,
  'two-appointments': 4,
  late: 4,
  'too-early': 5,
  closed: 3,
  'other-day': 4,
  'other-site': 3,
  cancelled: 2,
  rescheduled: 2,
}

const minuteMs = 60_000
const hourMs = 60 * minuteMs
/** The file and the table on the terminal must stay true while somebody reads them. */
const holdsForMs = 10 * minuteMs

/** The slot of the `at`-th new booking of a kind: where it shows that kind now and for most of the next hour. */
export function demoSlot(kind: DemoKind, at: number, nowMs: number): { slotStart: number; slotEnd: number } {
  const now = Math.floor(nowMs / (5 * minuteMs)) * 5 * minuteMs
  const slotStart = now + startOffsetMs(kind, at)
  return { slotStart, slotEnd: slotStart + 15 * minuteMs }
}

function startOffsetMs(kind: DemoKind, at: number): number {
  switch (kind) {
    case 'late':
      return -25 * minuteMs - at * 5 * minuteMs
    case 'closed':
      return -2 * hourMs - at * 15 * minuteMs
    case 'too-early':
      return 2 * hourMs + 15 * minuteMs + at * 15 * minuteMs
    case 'other-day':
      return 24 * hourMs + at * 15 * minuteMs
    case 'on-time':
    case 'two-appointments':
    case 'other-site':
    case 'cancelled':
    case 'rescheduled':
      return 15 * minuteMs + (at % 8) * 5 * minuteMs
  }
}

/** What a booking shows at the lobby kiosk now and still in ten minutes; null when it is used up or about to change. */
export function lastingStanding(booking: BookingRow, calendar: HospitalCalendar, nowMs: number): Standing | null {
  const clinic = demoStructure.clinics.find(({ clinicId }) => clinicId === booking.clinicId)
  if (clinic === undefined || booking.state === 'arrived') return null
  const at = (now: number) =>
    appointmentStanding({ booking, clinic, checkedInAt: null, siteId: demoStation.siteId, calendar, now }).standing
  const standing = at(nowMs)
  return at(nowMs + holdsForMs) === standing ? standing : null
}
