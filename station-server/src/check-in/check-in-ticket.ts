import type { CheckInTicket } from '@yizhan/contracts/check-in'
import type { PrintJobView } from '@yizhan/contracts/printing'
import type { ClinicRow } from '@yizhan/contracts/tenant'
import { waitEstimate } from '@yizhan/rules/queue/queue-number'
import { readNewestPrintJob, viewOfPrintJob } from '../printing/print-ledger.ts'
import type { Sql } from '../storage/sql.ts'
import { type Arrival, countWaitingBefore, readArrival } from './check-in-store.ts'
import type { KnownBooking } from './known-appointment.ts'

/** How many wait before a patient, and how long that may take. */
export interface Ahead {
  count: number
  fromMin: number
  toMin: number
}

/** How often one ticket may be printed again at the kiosk. */
export const reprintsPerTicket = 2

/** The ticket of a booking that has been checked in here. Throws when it has not. */
export function ticketOf(sql: Sql, known: KnownBooking, now: number, already: boolean): CheckInTicket {
  const arrival = readArrival(sql, known.booking.bookingId)
  if (arrival === null) throw new Error(`no arrival of booking ${known.booking.bookingId}`)
  const job = readNewestPrintJob(sql, arrival.bookingId)
  const print = job === null ? null : viewOfPrintJob(job)
  return drawTicket(known, arrival, { now, already, print, ahead: readAhead(sql, arrival, known.clinic, now) })
}

/** The ticket of an arrival as the screen is told of it. */
export function drawTicket(
  known: KnownBooking,
  arrival: Arrival,
  { now, already, print, ahead }: { now: number; already: boolean; print: PrintJobView | null; ahead: Ahead | null },
): CheckInTicket {
  return {
    bookingId: arrival.bookingId,
    queueNumber: arrival.queueNumber,
    standing: arrival.standing,
    clinicName: known.clinic.name,
    place: known.clinic.place,
    doctorName: known.doctorName,
    slotStart: known.booking.slotStart,
    checkedInAt: arrival.arrivedAt,
    already,
    ahead: ahead === null ? null : { ...ahead, asOf: now },
    print,
    reprintsLeft: Math.max(0, reprintsPerTicket + 1 - (print?.copy ?? 0)),
  }
}

/** How many wait before an arrival and how long that may take; null once the appointment's time is over. */
export function readAhead(sql: Sql, arrival: Arrival, clinic: ClinicRow, now: number): Ahead | null {
  if (now >= arrival.slotEnd + clinic.closesAfterMin * 60_000) return null
  const count = countWaitingBefore(sql, arrival.clinicId, arrival.arrivedAt, now)
  return { count, ...waitEstimate(count, clinic.minutesPerPatient) }
}
