import { readMeta, writeMeta } from '../storage/meta.ts'
import type { StationDb } from '../storage/station-db.ts'

/** So many counters are reserved by one write; a restart skips what is left of them. */
const reservedAtOnce = 1000

/**
 * Counts requests over restarts without a write for each: the numbers only ever grow. They start from the clock in
 * milliseconds, so that a disk put back to an older copy does not repeat what it had counted since; a clock that went
 * back is caught by what was written.
 */
export function createRequestCounter(db: StationDb, now: () => number): () => Promise<number> {
  let next = 0
  let reservedTo = 0
  const reserve = async () => {
    reservedTo = await db.transact((sql) => {
      next = Math.max(Number(readMeta(sql, 'request-counter') ?? 0) + 1, now())
      const to = next + reservedAtOnce
      writeMeta(sql, 'request-counter', String(to))
      return to
    })
  }
  return async () => {
    if (next >= reservedTo) await reserve()
    return next++
  }
}
