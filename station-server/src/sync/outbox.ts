import { type EventEnvelope, eventLanes, type OutboxLane, outboxLanes, type StationEvent } from '@yizhan/contracts/sync'
import { drawId } from '../storage/drawn-id.ts'
import { readMeta, writeMeta } from '../storage/meta.ts'
import type { Sql } from '../storage/sql.ts'
import { noteAcknowledgedPlace, readAcknowledgedPlace } from './acknowledged.ts'
import { nextEventTime } from './event-clock.ts'
import { outboxTables } from './outbox-lane.ts'

/** The schema version that this release writes of every event. */
const schemaVersion = 1

/** Puts an event into its lane of the outbox, within the transaction of the effect that it reports. */
export function appendToOutbox(sql: Sql, event: StationEvent, occurredAt: number): void {
  appendToLane(sql, eventLanes[event.type], event, occurredAt)
}

/** Puts an event, also one that this release does not know, into a given lane. */
export function appendToLane(
  sql: Sql,
  lane: OutboxLane,
  event: { type: string; body: unknown },
  occurredAt: number,
): void {
  const { table } = outboxTables[lane]
  sql
    .prepare(`INSERT INTO ${table} (event_id, type, schema_version, occurred_at, body, hlc) VALUES (?, ?, ?, ?, ?, ?)`)
    .run(
      drawId(sql, occurredAt),
      event.type,
      schemaVersion,
      occurredAt,
      JSON.stringify(event.body),
      nextEventTime(sql, occurredAt),
    )
}

/** Where a lane of the outbox stands in transport. */
export interface OutboxHead {
  epoch: number
  /** The sequence of the newest event, 0 before the first. */
  lastSeq: number
}

/** The current epoch, which the lanes share, and the last sequence of a lane in it. */
export function readOutboxHead(sql: Sql, lane: OutboxLane): OutboxHead {
  const last = readLastLocalId(sql, lane)
  return { epoch: readEpoch(sql), lastSeq: Math.max(0, last - readBase(sql, lane)) }
}

/** The id of the event at a lane's sequence of the current epoch; null when there is none, or it is no longer kept. */
export function readEventIdAt(sql: Sql, lane: OutboxLane, seq: number): string | null {
  const row = sql
    .prepare<[number], { event_id: string }>(`SELECT event_id FROM ${outboxTables[lane].table} WHERE local_id = ?`)
    .get(seq + readBase(sql, lane))
  return row?.event_id ?? null
}

/** The last sequence of a lane in the current epoch that the centre has acknowledged; 0 or less when none is. */
export function readAcknowledgedSeq(sql: Sql, lane: OutboxLane): number {
  return readAcknowledgedPlace(sql, lane) - readBase(sql, lane)
}

/**
 * Notes that the centre holds everything of a lane up to a sequence of the current epoch, but never more than was written here: what
 * comes later has been acknowledged by nobody.
 */
export function markAcknowledged(sql: Sql, lane: OutboxLane, ackedSeq: number, now: number): void {
  const place = Math.min(ackedSeq + readBase(sql, lane), readLastLocalId(sql, lane))
  noteAcknowledgedPlace(sql, lane, place, now)
}

/**
 * Opens the next epoch, for it is in doubt what the centre holds: this disk is an older copy of itself, or the centre is. Everything
 * that is kept here takes new places, from 1 on, acknowledged or not: what was acknowledged in an earlier epoch could else be
 * missed by nobody when the centre goes back in time. The events keep their ids, so nothing can count twice. The epoch is
 * `least` at least.
 */
export function openNextEpoch(sql: Sql, least = 1): number {
  const epoch = Math.max(readEpoch(sql) + 1, least)
  for (const lane of outboxLanes) giveNewPlaces(sql, lane)
  writeMeta(sql, 'outbox-epoch', String(epoch))
  return epoch
}

function giveNewPlaces(sql: Sql, lane: OutboxLane): void {
  const { table, base } = outboxTables[lane]
  const last = readLastLocalId(sql, lane)
  sql
    .prepare(
      `INSERT INTO ${table} (event_id, type, schema_version, occurred_at, body, hlc)
       SELECT event_id, type, schema_version, occurred_at, body, hlc FROM ${table} ORDER BY local_id`,
    )
    .run()
  sql.prepare(`DELETE FROM ${table} WHERE local_id <= ?`).run(last)
  writeMeta(sql, base, String(last))
}

/** How many events wait in both lanes, and since when. */
export function measureOutbox(sql: Sql): { depth: number; oldestUnsentAt: number | null } {
  const lanes = outboxLanes.map((lane) => measureLane(sql, lane))
  const oldest = lanes.flatMap(({ oldestUnsentAt }) => oldestUnsentAt ?? [])
  return {
    depth: lanes.reduce((sum, { depth }) => sum + depth, 0),
    oldestUnsentAt: oldest.length === 0 ? null : Math.min(...oldest),
  }
}

function measureLane(sql: Sql, lane: OutboxLane): { depth: number; oldestUnsentAt: number | null } {
  const oldest = readOldestUnsent(sql, lane)
  if (oldest === null) return { depth: 0, oldestUnsentAt: null }
  // Acknowledged is always a run from the start, so the rest needs no counting: a month offline is 300,000 rows.
  return { depth: readLastLocalId(sql, lane) - oldest.localId + 1, oldestUnsentAt: oldest.occurredAt }
}

function readOldestUnsent(sql: Sql, lane: OutboxLane): { localId: number; occurredAt: number } | null {
  const row = sql
    .prepare<[number], { local_id: number; occurred_at: number }>(
      `SELECT local_id, occurred_at FROM ${outboxTables[lane].table} WHERE local_id > ? ORDER BY local_id LIMIT 1`,
    )
    .get(readAcknowledgedPlace(sql, lane))
  return row === undefined ? null : { localId: row.local_id, occurredAt: row.occurred_at }
}

/** The last id that was ever given out: the rows themselves are purged some days after they were acknowledged. */
function readLastLocalId(sql: Sql, lane: OutboxLane): number {
  const row = sql
    .prepare<[string], { seq: number }>('SELECT seq FROM sqlite_sequence WHERE name = ?')
    .get(outboxTables[lane].table)
  return row?.seq ?? 0
}

/** What the fields of an event besides its body take as JSON, at most. */
const headBytes = 300

/** The oldest events of a lane that are not acknowledged, in order, at most `max`. */
export function readUnsent(sql: Sql, lane: OutboxLane, max: number): EventEnvelope[] {
  const most = { events: max, bytes: Number.POSITIVE_INFINITY }
  return readEventsAfter(sql, lane, readAcknowledgedSeq(sql, lane), most)
}

/** The events of a lane behind a sequence, in order, at most so many and so many bytes of JSON; always one when there is any. */
export function readEventsAfter(
  sql: Sql,
  lane: OutboxLane,
  afterSeq: number,
  most: { events: number; bytes: number },
): EventEnvelope[] {
  const base = readBase(sql, lane)
  let bytes = 0
  const rows = sql
    .prepare<
      [number, number],
      {
        local_id: number
        event_id: string
        type: string
        schema_version: number
        occurred_at: number
        body: string
        hlc: string | null
      }
    >(
      `SELECT local_id, event_id, type, schema_version, occurred_at, body, hlc
       FROM ${outboxTables[lane].table} WHERE local_id > ? ORDER BY local_id LIMIT ?`,
    )
    .all(afterSeq + base, most.events)
  const tooMany = rows.findIndex(({ body }, at) => {
    bytes += body.length + headBytes
    return at > 0 && bytes > most.bytes
  })
  return (tooMany === -1 ? rows : rows.slice(0, tooMany)).map((row) => ({
    eventId: row.event_id,
    seq: row.local_id - base,
    type: row.type,
    schemaVersion: row.schema_version,
    occurredAt: row.occurred_at,
    ...(row.hlc === null ? {} : { hlc: row.hlc }),
    body: JSON.parse(row.body) as Record<string, unknown>,
  }))
}

function readEpoch(sql: Sql): number {
  return Number(readMeta(sql, 'outbox-epoch') ?? 1)
}

function readBase(sql: Sql, lane: OutboxLane): number {
  return Number(readMeta(sql, outboxTables[lane].base) ?? 0)
}
