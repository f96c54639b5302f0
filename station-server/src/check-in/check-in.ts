import type { CheckInTicket, IdentifiedAppointment, OpenStanding } from '@yizhan/contracts/check-in'
import type { Locale } from '@yizhan/contracts/local-text'
import type { PrintJobView } from '@yizhan/contracts/printing'
import { appointmentStanding, isOpenStanding } from '@yizhan/rules/check-in/appointment-standing'
import { maskName } from '@yizhan/rules/patient/mask-name'
import { insertPrintJob, slipLifeMs } from '../printing/print-ledger.ts'
import { issueQueueNumber } from '../queue/queue-number-issue.ts'
import { drawId } from '../storage/drawn-id.ts'
import { readMeta, writeMeta } from '../storage/meta.ts'
import type { Sql } from '../storage/sql.ts'
import { appendToOutbox } from '../sync/outbox.ts'
import { checkInSlip } from './check-in-slip.ts'
import { type Arrival, insertArrival, readArrival } from './check-in-store.ts'
import { type Ahead, drawTicket, readAhead, ticketOf } from './check-in-ticket.ts'
import { type HereAndNow, identifiedAppointment, type KnownBooking } from './known-appointment.ts'

/** The outcome of a check-in: the ticket, or the appointment with the standing that closed the way. */
export type CheckedIn = { ok: true; ticket: CheckInTicket } | { ok: false; appointment: IdentifiedAppointment }

/**
 * Checks a booking in (签到): arrival, queue number, print job and outbox row in the caller's one transaction. Doing it
 * again for the same booking, at any time, gives the same number and prints nothing; the same operation gets the answer
 * that was lost.
 */
export function checkIn(
  sql: Sql,
  known: KnownBooking,
  here: HereAndNow,
  asked: { operationId: string; locale: Locale },
): CheckedIn {
  const { booking } = known
  const before = readArrival(sql, booking.bookingId)
  if (before !== null) {
    return { ok: true, ticket: ticketOf(sql, known, here.now, before.operationId !== asked.operationId) }
  }
  const { standing } = appointmentStanding({ booking, clinic: known.clinic, checkedInAt: null, ...here })
  if (!isOpenStanding(standing)) return { ok: false, appointment: identifiedAppointment(sql, known, here) }
  const arrival = recordArrival(sql, known, here, { standing, operationId: asked.operationId })
  const slip = queueSlip(sql, known, arrival, here, { locale: asked.locale, copy: 1 })
  return { ok: true, ticket: drawTicket(known, arrival, { now: here.now, already: false, ...slip }) }
}

/** Puts a slip of an arrival into the print ledger, within the caller's transaction, and says what it tells. */
export function queueSlip(
  sql: Sql,
  known: KnownBooking,
  arrival: Arrival,
  { place, calendar, now }: HereAndNow,
  asked: { locale: Locale; copy: number },
): { print: PrintJobView; ahead: Ahead | null } {
  const ahead = readAhead(sql, arrival, known.clinic, now)
  const doc = checkInSlip({
    ...asked,
    hospitalName: place.hospital.name,
    helpDesk: place.hospital.helpDesk,
    stationName: place.stationName,
    queueNumber: arrival.queueNumber,
    maskedName: known.patientName === null ? '' : maskName(known.patientName),
    clinicName: known.clinic.name,
    place: known.clinic.place,
    doctorName: known.doctorName,
    slotClock: calendar.clockOf(known.booking.slotStart),
    arrivedDay: arrival.day,
    arrivedClock: calendar.clockOf(arrival.arrivedAt),
    standing: arrival.standing,
    ahead,
    slipNo: nextSlipNo(sql),
  })
  const print = insertPrintJob(sql, {
    jobId: drawId(sql, now),
    bookingId: arrival.bookingId,
    copy: asked.copy,
    doc,
    locale: asked.locale,
    createdAt: now,
    expiresAt: now + slipLifeMs,
  })
  return { print, ahead }
}

function recordArrival(
  sql: Sql,
  known: KnownBooking,
  here: HereAndNow,
  how: { standing: OpenStanding; operationId: string },
): Arrival {
  const { booking, clinic, knownBy } = known
  const day = here.calendar.dayOf(here.now)
  const queueNumber = issueQueueNumber(sql, here.witness, {
    clinicId: clinic.clinicId,
    letter: clinic.queueLetter,
    day,
    stationLetter: here.place.stationLetter,
  })
  const arrival: Arrival = {
    bookingId: booking.bookingId,
    clinicId: clinic.clinicId,
    day,
    queueNumber,
    ...how,
    arrivedAt: here.now,
    slotEnd: booking.slotEnd,
    knownBy,
  }
  insertArrival(sql, arrival)
  const { slotEnd: _slotEnd, operationId: _operationId, ...body } = arrival
  appendToOutbox(sql, { type: 'patient-arrived', body }, here.now)
  return arrival
}

/** The next number on the station's roll of slips; staff who look for a lost slip ask for it. */
function nextSlipNo(sql: Sql): number {
  const slipNo = Number(readMeta(sql, 'slip-counter') ?? 0) + 1
  writeMeta(sql, 'slip-counter', String(slipNo))
  return slipNo
}
