import type { StationDb } from './station-db.ts'

/** Patient data that the station can read is kept this long after the appointment, and no longer. */
const readableForMs = 36 * 60 * 60_000
/** Acknowledged events hold no readable patient data; a week of them lets a restored centre be made whole. */
const ackedForMs = 7 * 24 * 60 * 60_000
/** A screen repeats an operation within seconds; a day is generous. */
const operationForMs = 24 * 60 * 60_000

/** Forgets what must not be kept: bookings, arrivals and slips after 36 hours, old operations and sent events. */
export async function purge(db: StationDb, now: number): Promise<void> {
  const readableUntil = now - readableForMs
  await db.transact((sql) => {
    sql.prepare('DELETE FROM booking WHERE slot_end < ?').run(readableUntil)
    sql.prepare('DELETE FROM arrival WHERE slot_end < ?').run(readableUntil)
    sql.prepare('DELETE FROM print_job WHERE changed_at < ?').run(readableUntil)
    sql.prepare('DELETE FROM operation WHERE at < ?').run(now - operationForMs)
    sql.prepare('DELETE FROM outbox WHERE acked_at IS NOT NULL AND acked_at < ?').run(now - ackedForMs)
  })
}
