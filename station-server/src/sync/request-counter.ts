import { readMeta, writeMeta } from '../storage/meta.ts'
import type { StationDb } from '../storage/station-db.ts'

/** So many counters are reserved by one write; a restart skips what is left of them. */
const reservedAtOnce = 1000

/** Counts the requests of a station. */
export interface RequestCounter {
  next(): Promise<number>
  /** Goes on above what the centre has seen: another machine with this key, or a disk and a clock put back together. */
  raiseAbove(highest: number): void
}

/**
 * Counts requests over restarts without a write for each: the numbers only ever grow. They start from the clock in
 * milliseconds, so that a disk put back to an older copy does not repeat what it had counted since; a clock that went
 * back is caught by what was written.
 */
export function createRequestCounter(db: StationDb, now: () => number): RequestCounter {
  let next = 0
  let reservedTo = 0
  let floor = 0
  const reserve = async () => {
    reservedTo = await db.transact((sql) => {
      next = Math.max(Number(readMeta(sql, 'request-counter') ?? 0) + 1, now(), floor + 1)
      const to = next + reservedAtOnce
      writeMeta(sql, 'request-counter', String(to))
      return to
    })
  }
  return {
    async next() {
      if (next >= reservedTo) await reserve()
      return next++
    },
    raiseAbove(highest) {
      if (highest < next) return
      floor = highest
      reservedTo = 0
    },
  }
}
