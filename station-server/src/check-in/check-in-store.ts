import type { OpenStanding } from '@yizhan/contracts/check-in'
import type { Sql } from '../storage/sql.ts'

/** An arrival (到诊) as this station recorded it. */
export interface Arrival {
  bookingId: string
  clinicId: string
  day: string
  queueNumber: string
  standing: OpenStanding
  arrivedAt: number
  slotEnd: number
  knownBy: 'feed' | 'qr'
  /** The screen's key of the tap that made it: a retry of that tap gets the first answer again. */
  operationId: string
}

interface ArrivalRecord {
  booking_id: string
  clinic_id: string
  day: string
  queue_number: string
  standing: OpenStanding
  arrived_at: number
  slot_end: number
  known_by: 'feed' | 'qr'
  operation_id: string
}

/** The arrival of a booking, or null. */
export function readArrival(sql: Sql, bookingId: string): Arrival | null {
  const record = sql
    .prepare<[string], ArrivalRecord>(
      `SELECT booking_id, clinic_id, day, queue_number, standing, arrived_at, slot_end, known_by, operation_id
       FROM arrival WHERE booking_id = ?`,
    )
    .get(bookingId)
  if (record === undefined) return null
  return {
    bookingId: record.booking_id,
    clinicId: record.clinic_id,
    day: record.day,
    queueNumber: record.queue_number,
    standing: record.standing,
    arrivedAt: record.arrived_at,
    slotEnd: record.slot_end,
    knownBy: record.known_by,
    operationId: record.operation_id,
  }
}

/** Keeps an arrival. Throws when the booking has one already or the number is taken: neither may ever happen twice. */
export function insertArrival(sql: Sql, arrival: Arrival): void {
  sql
    .prepare(
      `INSERT INTO arrival (booking_id, clinic_id, day, queue_number, standing, arrived_at, slot_end, known_by, operation_id)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      arrival.bookingId,
      arrival.clinicId,
      arrival.day,
      arrival.queueNumber,
      arrival.standing,
      arrival.arrivedAt,
      arrival.slotEnd,
      arrival.knownBy,
      arrival.operationId,
    )
}

/**
 * How many came to a clinic before a moment and whose appointment is not over yet. Until calling is recorded, this is
 * the best that a station knows about who still waits.
 */
export function countWaitingBefore(sql: Sql, clinicId: string, arrivedAt: number, now: number): number {
  const row = sql
    .prepare<[string, number, number], { n: number }>(
      'SELECT count(*) AS n FROM arrival WHERE clinic_id = ? AND slot_end > ? AND arrived_at < ?',
    )
    .get(clinicId, now, arrivedAt)
  return row?.n ?? 0
}
