import type { DeviceChange } from '@yizhan/contracts/device'
import { readMeta, writeMeta } from '../storage/meta.ts'
import type { Sql } from '../storage/sql.ts'

/** How many changes the ring keeps: weeks of a station that is well, and about 2 MB. */
export const ringSize = 10_000

/** A change with its place in the ring. */
export interface KeptChange {
  localId: number
  change: DeviceChange
}

/** Writes changes to the end of the ring and drops what no longer fits. */
export function insertDeviceChanges(sql: Sql, changes: readonly DeviceChange[]): void {
  const insert = sql.prepare('INSERT INTO device_change (change) VALUES (?)')
  for (const change of changes) insert.run(JSON.stringify(change))
  sql.prepare('DELETE FROM device_change WHERE local_id <= (SELECT max(local_id) FROM device_change) - ?').run(ringSize)
}

/** The oldest changes that the centre has not acknowledged, at most `max`. */
export function readUntoldChanges(sql: Sql, max: number): KeptChange[] {
  return sql
    .prepare<[number, number], { local_id: number; change: string }>(
      'SELECT local_id, change FROM device_change WHERE local_id > ? ORDER BY local_id LIMIT ?',
    )
    .all(toldTo(sql), max)
    .map((row) => ({ localId: row.local_id, change: JSON.parse(row.change) as DeviceChange }))
}

/** A database that was rebuilt after damage keeps the note and begins a new ring: then nothing of it has been told yet. */
function toldTo(sql: Sql): number {
  const told = Number(readMeta(sql, 'device-changes-told') ?? 0)
  const newest = sql.prepare<[], { n: number | null }>('SELECT max(local_id) AS n FROM device_change').get()?.n ?? 0
  return told > newest ? 0 : told
}

/** Notes that the centre has everything up to a place in the ring. */
export function noteChangesTold(sql: Sql, localId: number): void {
  writeMeta(sql, 'device-changes-told', String(localId))
}
