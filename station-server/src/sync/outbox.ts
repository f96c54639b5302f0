import { randomBytes } from 'node:crypto'
import type { EventEnvelope, StationEvent } from '@yizhan/contracts/sync'
import { uuidV7 } from '@yizhan/rules/rule/uuid-v7'
import { readMeta, writeMeta } from '../storage/meta.ts'
import type { Sql } from '../storage/sql.ts'

/** The schema version that this release writes of every event. */
const schemaVersion = 1

/** Puts an event into the outbox, within the transaction of the effect that it reports. */
export function appendToOutbox(sql: Sql, event: StationEvent, occurredAt: number): void {
  sql
    .prepare('INSERT INTO outbox (event_id, type, schema_version, occurred_at, body) VALUES (?, ?, ?, ?, ?)')
    .run(uuidV7(occurredAt, randomBytes(10)), event.type, schemaVersion, occurredAt, JSON.stringify(event.body))
}

/** Where the outbox stands in transport. */
export interface OutboxHead {
  epoch: number
  /** The sequence of the newest event, 0 before the first. */
  lastSeq: number
}

/** The current epoch and the last sequence in it. */
export function readOutboxHead(sql: Sql): OutboxHead {
  const last = sql.prepare<[], { last: number | null }>('SELECT max(local_id) AS last FROM outbox').get()?.last ?? 0
  return { epoch: readEpoch(sql), lastSeq: Math.max(0, last - readBase(sql)) }
}

/** The id of the event at a sequence of the current epoch; null when there is none, or it is no longer kept. */
export function readEventIdAt(sql: Sql, seq: number): string | null {
  const row = sql
    .prepare<[number], { event_id: string }>('SELECT event_id FROM outbox WHERE local_id = ?')
    .get(seq + readBase(sql))
  return row?.event_id ?? null
}

/** The oldest events that are not acknowledged, in order, at most `max`. */
export function readUnsent(sql: Sql, max: number): EventEnvelope[] {
  return readEvents(sql, 'acked_at IS NULL', [], max)
}

/** Events after a sequence of the current epoch, acknowledged or not: for a centre that went back in time. */
export function readSentAgain(sql: Sql, afterSeq: number, max: number): EventEnvelope[] {
  return readEvents(sql, 'local_id > ?', [afterSeq + readBase(sql)], max)
}

/** Notes that the centre holds everything up to a sequence of the current epoch. */
export function markAcknowledged(sql: Sql, ackedSeq: number, now: number): void {
  sql
    .prepare('UPDATE outbox SET acked_at = ? WHERE acked_at IS NULL AND local_id <= ?')
    .run(now, ackedSeq + readBase(sql))
}

/**
 * Opens the next epoch: the centre knows more of this station than the station itself, so its disk is an older copy.
 * Everything unacknowledged is numbered anew from 1; the events keep their ids, so nothing can count twice.
 */
export function openNextEpoch(sql: Sql): number {
  const epoch = readEpoch(sql) + 1
  const oldest = sql
    .prepare<[], { oldest: number | null }>('SELECT min(local_id) AS oldest FROM outbox WHERE acked_at IS NULL')
    .get()
  const last = sql.prepare<[], { last: number | null }>('SELECT max(local_id) AS last FROM outbox').get()
  const base = oldest?.oldest != null ? oldest.oldest - 1 : (last?.last ?? 0)
  writeMeta(sql, 'outbox-epoch', String(epoch))
  writeMeta(sql, 'outbox-base', String(base))
  return epoch
}

/** How many events wait, and since when. */
export function measureOutbox(sql: Sql): { depth: number; oldestUnsentAt: number | null } {
  const row = sql
    .prepare<[], { depth: number; oldest: number | null }>(
      'SELECT count(*) AS depth, min(occurred_at) AS oldest FROM outbox WHERE acked_at IS NULL',
    )
    .get()
  return { depth: row?.depth ?? 0, oldestUnsentAt: row?.oldest ?? null }
}

function readEvents(sql: Sql, where: string, values: number[], max: number): EventEnvelope[] {
  const base = readBase(sql)
  return sql
    .prepare<
      number[],
      { local_id: number; event_id: string; type: string; schema_version: number; occurred_at: number; body: string }
    >(
      `SELECT local_id, event_id, type, schema_version, occurred_at, body FROM outbox WHERE ${where} ORDER BY local_id LIMIT ?`,
    )
    .all(...values, max)
    .map((row) => ({
      eventId: row.event_id,
      seq: row.local_id - base,
      type: row.type,
      schemaVersion: row.schema_version,
      occurredAt: row.occurred_at,
      body: JSON.parse(row.body) as Record<string, unknown>,
    }))
}

function readEpoch(sql: Sql): number {
  return Number(readMeta(sql, 'outbox-epoch') ?? 1)
}

function readBase(sql: Sql): number {
  return Number(readMeta(sql, 'outbox-base') ?? 0)
}
