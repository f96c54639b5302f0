import { settlePrintJob } from '../printing/print-settling.ts'
import type { Sql } from '../storage/sql.ts'
import type { StationDb } from '../storage/station-db.ts'

/** Patient data that the station can read is kept this long after the appointment, and no longer. */
export const readableForMs = 36 * 60 * 60_000
/** Acknowledged events hold no readable patient data; a week of them lets a restored centre be made whole. */
const ackedForMs = 7 * 24 * 60 * 60_000
/** A screen repeats an operation within seconds; a day is generous. */
const operationForMs = 24 * 60 * 60_000

/**
 * Forgets what must not be kept: bookings, arrivals and slips after 36 hours, old operations and sent events. `passed` is a
 * moment that has certainly passed; the wall clock may be wrong by days and would empty today.
 */
export async function purge(db: StationDb, passed: number): Promise<void> {
  const readableUntil = passed - readableForMs
  await db.transact((sql) => {
    for (const { job_id: jobId } of heldSince(sql, readableUntil)) settlePrintJob(sql, jobId, 'void', passed, 'time')
    sql.prepare('DELETE FROM booking WHERE slot_end < ?').run(readableUntil)
    sql.prepare('DELETE FROM arrival WHERE slot_end < ?').run(readableUntil)
    sql.prepare('DELETE FROM print_job WHERE changed_at < ?').run(readableUntil)
    sql.prepare('DELETE FROM operation WHERE at < ?').run(passed - operationForMs)
    // The newest stays: the clock of events goes on from it.
    sql
      .prepare(
        'DELETE FROM outbox WHERE acked_at IS NOT NULL AND acked_at < ? AND local_id < (SELECT max(local_id) FROM outbox)',
      )
      .run(passed - ackedForMs)
  })
}

/** Slips that nobody has decided about; the centre is told that nobody will any more. */
function heldSince(sql: Sql, until: number): { job_id: string }[] {
  return sql
    .prepare<[number], { job_id: string }>("SELECT job_id FROM print_job WHERE state = 'held' AND changed_at < ?")
    .all(until)
}
