import { readMeta, writeMeta } from '../storage/meta.ts'
import type { StationDb } from '../storage/station-db.ts'

/** So many counters are reserved by one write; a restart skips what is left of them. */
const reservedAtOnce = 1000

/** Counts requests over restarts without a write for each: the numbers only ever grow. */
export function createRequestCounter(db: StationDb): () => Promise<number> {
  let next = 0
  let reservedTo = 0
  const reserve = async () => {
    reservedTo = await db.transact((sql) => {
      next = Number(readMeta(sql, 'request-counter') ?? 0) + 1
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
