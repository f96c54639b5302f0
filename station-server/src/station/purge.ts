import { settlePrintJob } from '../printing/print-settling.ts'
import type { Sql } from '../storage/sql.ts'
import type { StationDb } from '../storage/station-db.ts'
import { dropAcknowledgedBefore } from '../sync/acknowledged.ts'

/** Patient data that the station can read is kept this long after the appointment, and no longer. */
export const readableForMs = 36 * 60 * 60_000
/** A clock may be put wrong by a year and right again: only then is no number of that day given out any more. */
const receiptSeriesForMs = 400 * 24 * 60 * 60_000
/** Acknowledged events hold no readable patient data; a week of them lets a restored centre be made whole. */
const ackedForMs = 7 * 24 * 60 * 60_000

/**
 * Forgets what must not be kept: bookings and arrivals after 36 hours, with them their slips and what was asked about them, and
 * sent events. `passed` is a moment that has certainly passed. Nothing is judged by a time that the wall clock wrote: it may
 * be wrong by years, and would empty today.
 */
export async function purge(db: StationDb, passed: number): Promise<void> {
  const readableUntil = passed - readableForMs
  await db.transact((sql) => {
    sql.prepare('DELETE FROM booking WHERE slot_end < ?').run(readableUntil)
    sql.prepare('DELETE FROM arrival WHERE slot_end < ?').run(readableUntil)
    for (const { job_id: jobId } of heldForNobody(sql)) settlePrintJob(sql, jobId, 'void', passed, 'time')
    sql
      .prepare(
        `DELETE FROM print_job
         WHERE state NOT IN ('queued', 'sending') AND booking_id NOT IN (SELECT booking_id FROM arrival)`,
      )
      .run()
    sql
      .prepare(
        `DELETE FROM operation
         WHERE subject NOT IN (SELECT booking_id FROM arrival) AND subject NOT IN (SELECT job_id FROM print_job)`,
      )
      .run()
    const oldestDay = new Date(Math.max(0, passed - receiptSeriesForMs)).toISOString().slice(0, 10)
    sql.prepare('DELETE FROM receipt_series WHERE day < ?').run(oldestDay)
    dropAcknowledgedBefore(sql, passed - ackedForMs)
  })
}

/** Slips that nobody has decided about in time; the centre is told that nobody will any more. */
function heldForNobody(sql: Sql): { job_id: string }[] {
  return sql
    .prepare<[], { job_id: string }>(
      "SELECT job_id FROM print_job WHERE state = 'held' AND booking_id NOT IN (SELECT booking_id FROM arrival)",
    )
    .all()
}
