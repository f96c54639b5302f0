import type { CheckInTicket } from '@yizhan/contracts/check-in'
import { readNewestPrintJob, readPrintJob } from '../printing/print-ledger.ts'
import { settlePrintJob } from '../printing/print-settling.ts'
import { noteOperation, wasCarriedOut } from '../storage/operation.ts'
import type { Sql } from '../storage/sql.ts'
import { queueSlip } from './check-in.ts'
import { readArrival } from './check-in-store.ts'
import { reprintsPerTicket, ticketOf } from './check-in-ticket.ts'
import type { HereAndNow, KnownBooking } from './known-appointment.ts'

/** The outcome of asking for another slip. */
export type Reprinted =
  | { ok: true; ticket: CheckInTicket }
  | { ok: false; error: 'session-over' | 'reprints-spent' | 'print-undecided' }

/**
 * Prints the ticket again (补打), marked as such, with the same number. Refused while an earlier slip may still come out:
 * nobody shall hold two slips without the second one saying so.
 */
export function reprint(sql: Sql, known: KnownBooking, here: HereAndNow, operationId: string): Reprinted {
  const arrival = readArrival(sql, known.booking.bookingId)
  const newest = readNewestPrintJob(sql, known.booking.bookingId)
  // Nothing was checked in here, or so long ago that it is forgotten: the way on is to identify again.
  if (arrival === null || newest === null) return { ok: false, error: 'session-over' }
  if (wasCarriedOut(sql, operationId, 'reprint')) return { ok: true, ticket: ticketOf(sql, known, here.now, true) }
  if (newest.state === 'queued' || newest.state === 'sending' || newest.state === 'held')
    return { ok: false, error: 'print-undecided' }
  if (newest.copy > reprintsPerTicket) return { ok: false, error: 'reprints-spent' }
  queueSlip(sql, known, arrival, here, { locale: newest.locale, copy: newest.copy + 1 })
  noteOperation(sql, operationId, 'reprint', arrival.bookingId, here.now)
  return { ok: true, ticket: ticketOf(sql, known, here.now, true) }
}

/**
 * Settles a held job by the patient's own word. "It came out" confirms it; "it did not" voids it and queues the next
 * copy, marked as a reprint, for the first may still lie in the machine. False when the job is not this booking's.
 */
export function settleByPatient(
  sql: Sql,
  known: KnownBooking,
  here: HereAndNow,
  answer: { jobId: string; cameOut: boolean; operationId: string },
): boolean {
  const job = readPrintJob(sql, answer.jobId)
  if (job === null || job.bookingId !== known.booking.bookingId) return false
  if (job.state !== 'held' || wasCarriedOut(sql, answer.operationId, 'settle-print')) return true
  const settled = settlePrintJob(sql, job.jobId, answer.cameOut ? 'confirmed' : 'void', here.now, 'patient')
  noteOperation(sql, answer.operationId, 'settle-print', job.jobId, here.now)
  const arrival = readArrival(sql, job.bookingId)
  if (!answer.cameOut && arrival !== null && settled.copy <= reprintsPerTicket) {
    queueSlip(sql, known, arrival, here, { locale: job.locale, copy: job.copy + 1 })
  }
  return true
}
