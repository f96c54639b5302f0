import {
  type HybridTime,
  hearHybrid,
  hybridStart,
  readHybrid,
  tickHybrid,
  writeHybrid,
} from '@yizhan/rules/sync/hybrid-clock'
import { readMeta, writeMeta } from '../storage/meta.ts'
import type { Sql } from '../storage/sql.ts'
import { outboxTables } from './outbox-lane.ts'

/** The moment of the next event by the hybrid clock: after every event before it, whatever the wall clock did. */
export function nextEventTime(sql: Sql, nowMs: number): string {
  return writeHybrid(tickHybrid(readLastTime(sql), Math.max(0, nowMs)))
}

/** Moves the hybrid clock past what the centre has said, unless the centre is more than a minute ahead of the wall clock. */
export function hearCentreClock(sql: Sql, centreNow: number, nowMs: number): void {
  const heard = hearHybrid(readLastTime(sql), { wallMs: centreNow, count: 0 }, Math.max(0, nowMs))
  writeMeta(sql, 'event-clock', writeHybrid(heard))
}

/** The latest of each lane's newest event, which is never purged, and what was heard after them. */
function readLastTime(sql: Sql): HybridTime {
  const newest = Object.values(outboxTables).map(
    ({ table }) =>
      sql.prepare<[], { hlc: string | null }>(`SELECT hlc FROM ${table} ORDER BY local_id DESC LIMIT 1`).get()?.hlc ??
      '',
  )
  const times = [...newest, readMeta(sql, 'event-clock') ?? '']
  return readHybrid(times.sort().at(-1) ?? '') ?? hybridStart
}
