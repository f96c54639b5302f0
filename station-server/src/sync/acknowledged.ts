import { type OutboxLane, outboxLanes } from '@yizhan/contracts/sync'
import type { Sql } from '../storage/sql.ts'
import { outboxTables } from './outbox-lane.ts'

const hourMs = 3_600_000

/** The place in its table up to which the centre has acknowledged a lane; 0 before the first. Every later event is still to be sent. */
export function readAcknowledgedPlace(sql: Sql, lane: OutboxLane): number {
  const row = sql
    .prepare<[string], { up_to: number | null }>('SELECT max(up_to) AS up_to FROM acknowledged WHERE lane = ?')
    .get(lane)
  return row?.up_to ?? 0
}

/** Notes that the centre holds a lane up to a place; `now` is a moment that has certainly passed. Never takes anything back. */
export function noteAcknowledgedPlace(sql: Sql, lane: OutboxLane, place: number, now: number): void {
  if (place <= readAcknowledgedPlace(sql, lane)) return
  sql
    .prepare(
      `INSERT INTO acknowledged (lane, hour, up_to) VALUES (?, ?, ?)
       ON CONFLICT (lane, hour) DO UPDATE SET up_to = excluded.up_to`,
    )
    .run(lane, Math.floor(now / hourMs), place)
}

/** Drops events that were acknowledged before a moment, but for the newest of a lane: the clock of events goes on from it. */
export function dropAcknowledgedBefore(sql: Sql, moment: number): void {
  const hour = Math.floor(moment / hourMs)
  for (const lane of outboxLanes) {
    const { table } = outboxTables[lane]
    sql
      .prepare(
        `DELETE FROM ${table} WHERE local_id < (SELECT max(local_id) FROM ${table})
         AND local_id <= (SELECT max(up_to) FROM acknowledged WHERE lane = ? AND hour < ?)`,
      )
      .run(lane, hour)
    sql
      .prepare(
        `DELETE FROM acknowledged WHERE lane = ? AND hour < ? AND up_to < (SELECT max(up_to) FROM acknowledged WHERE lane = ?)`,
      )
      .run(lane, hour, lane)
  }
}
