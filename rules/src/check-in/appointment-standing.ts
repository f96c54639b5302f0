import type { BookingRow } from '@yizhan/contracts/appointment'
import type { OpenStanding, Standing } from '@yizhan/contracts/check-in'
import type { ClinicRow } from '@yizhan/contracts/tenant'
import type { HospitalCalendar } from '../working-time/hospital-time.ts'

const minuteMs = 60_000

/** What a standing is judged by: the booking, its clinic's rules, where and when the patient stands. */
export interface StandingInput {
  booking: Pick<BookingRow, 'state' | 'slotStart' | 'slotEnd' | 'movedTo' | 'siteId'>
  clinic: Pick<ClinicRow, 'opensBeforeMin' | 'lateAfterMin' | 'closesAfterMin'>
  /** When this booking was checked in, if it was. */
  checkedInAt: number | null
  siteId: string
  calendar: HospitalCalendar
  now: number
}

/**
 * Whether a booking can be checked in here and now, and the moment that goes with the answer: when check-in opens, the
 * new time, or when the check-in was. An earlier check-in outweighs all else: the patient's number stays theirs.
 */
export function appointmentStanding(input: StandingInput): { standing: Standing; at: number | null } {
  const { booking, clinic, now } = input
  if (input.checkedInAt !== null) return { standing: 'checked-in', at: input.checkedInAt }
  if (booking.state === 'cancelled') return { standing: 'cancelled', at: null }
  if (booking.state === 'rescheduled') return { standing: 'rescheduled', at: booking.movedTo }
  if (input.calendar.dayOf(booking.slotStart) !== input.calendar.dayOf(now)) {
    return { standing: 'other-day', at: null }
  }
  if (booking.siteId !== input.siteId) return { standing: 'other-site', at: null }
  const opensAt = booking.slotStart - clinic.opensBeforeMin * minuteMs
  if (now < opensAt) return { standing: 'too-early', at: opensAt }
  if (now >= booking.slotEnd + clinic.closesAfterMin * minuteMs) return { standing: 'closed', at: null }
  return { standing: now > booking.slotStart + clinic.lateAfterMin * minuteMs ? 'late' : 'on-time', at: null }
}

/** Whether the patient may check in with this standing. */
export function isOpenStanding(standing: Standing): standing is OpenStanding {
  return standing === 'on-time' || standing === 'late'
}
