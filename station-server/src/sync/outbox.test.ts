import { randomBytes } from 'node:crypto'
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStationMemory } from '../fixture/station-memory.ts'
import { dropNumberBlocks } from '../queue/number-blocks.ts'
import { readMeta, writeMeta } from '../storage/meta.ts'
import { migrate } from '../storage/migrations.ts'
import type { Sql } from '../storage/sql.ts'
import { dropAcknowledgedBefore } from './acknowledged.ts'
import {
  appendToOutbox,
  markAcknowledged,
  measureOutbox,
  openNextEpoch,
  readAcknowledgedSeq,
  readEventsAfter,
  readOutboxHead,
  readUnsent,
} from './outbox.ts'

let sql: Sql
beforeEach(() => {
  sql = openStationMemory(null, randomBytes)
})
afterEach(() => sql.close())

function append(): void {
  const body = { jobId: 'j', bookingId: 'b', state: 'confirmed', copy: 1, settledAt: 1, by: 'evidence' } as const
  appendToOutbox(sql, { type: 'ticket-print-settled', body }, 1)
}

test('what the centre has acknowledged is known by its place in the epoch', () => {
  for (let event = 0; event < 3; event += 1) append()
  expect(readAcknowledgedSeq(sql, 'ops')).toBe(0)
  markAcknowledged(sql, 'ops', 2, 1)
  expect(readAcknowledgedSeq(sql, 'ops')).toBe(2)
  openNextEpoch(sql)
  expect(readAcknowledgedSeq(sql, 'ops')).toBeLessThanOrEqual(0)
  markAcknowledged(sql, 'ops', 1, 1)
  expect(readAcknowledgedSeq(sql, 'ops')).toBe(1)
})

test('a centre that claims to hold more than was written here takes nothing of what comes later for heard', () => {
  append()
  markAcknowledged(sql, 'ops', 5, 1)
  append()
  expect(readUnsent(sql, 'ops', 9).map(({ seq }) => seq)).toEqual([2])
})

test('an answer that was overtaken by a later one takes nothing back', () => {
  for (let event = 0; event < 3; event += 1) append()
  markAcknowledged(sql, 'ops', 3, 1)
  markAcknowledged(sql, 'ops', 1, 1)
  expect(readUnsent(sql, 'ops', 9)).toEqual([])
})

test('acknowledged events are dropped by the hour in which they were, but for the newest', () => {
  const hourMs = 3_600_000
  for (let event = 0; event < 4; event += 1) append()
  markAcknowledged(sql, 'ops', 1, 10 * hourMs)
  markAcknowledged(sql, 'ops', 2, 10 * hourMs + 1)
  markAcknowledged(sql, 'ops', 3, 12 * hourMs)
  const kept = () =>
    sql
      .prepare<[], { local_id: number }>('SELECT local_id FROM outbox')
      .all()
      .map((row) => row.local_id)
  dropAcknowledgedBefore(sql, 11 * hourMs - 1)
  expect(kept()).toEqual([1, 2, 3, 4])
  dropAcknowledgedBefore(sql, 11 * hourMs)
  expect(kept()).toEqual([3, 4])
  expect(readUnsent(sql, 'ops', 9).map(({ seq }) => seq)).toEqual([4])
  markAcknowledged(sql, 'ops', 4, 12 * hourMs)
  dropAcknowledgedBefore(sql, 99 * hourMs)
  expect(kept()).toEqual([4])
  expect(readAcknowledgedSeq(sql, 'ops')).toBe(4)
})

test('a database of an earlier release keeps what it knew to be acknowledged', () => {
  const folder = mkdtempSync(join(tmpdir(), 'yz-acked-'))
  const shipped = fileURLToPath(new URL('../../migrations', import.meta.url))
  const names = readdirSync(shipped).filter((name) => /^\d{4}-/.test(name))
  for (const name of names.filter((known) => known < '0010')) cpSync(join(shipped, name), join(folder, name))
  const old = new Database(':memory:')
  migrate(old, folder)
  const insert = old.prepare(
    "INSERT INTO outbox (event_id, type, schema_version, occurred_at, body, acked_at) VALUES ('e', 't', 1, 1, '{}', ?)",
  )
  for (const ackedAt of [7_200_000, 7_200_001, null]) insert.run(ackedAt)
  migrate(old, shipped)
  expect(readUnsent(old, 'ops', 9).map(({ seq }) => seq)).toEqual([3])
  expect(readAcknowledgedSeq(old, 'bulk')).toBe(0)
  dropAcknowledgedBefore(old, 4 * 3_600_000)
  expect(old.prepare('SELECT count(*) AS n FROM outbox').get()).toEqual({ n: 1 })
  old.close()
  rmSync(folder, { recursive: true })
})

test('a new epoch carries everything that is kept, without a gap, acknowledged or not, in its order', () => {
  append()
  markAcknowledged(sql, 'ops', 1, 1)
  openNextEpoch(sql)
  for (let event = 0; event < 3; event += 1) append()
  markAcknowledged(sql, 'ops', 2, 1)
  sql.prepare('DELETE FROM outbox WHERE local_id = (SELECT max(local_id) - 1 FROM outbox)').run()
  const ids = sql.prepare<[], { event_id: string }>('SELECT event_id FROM outbox ORDER BY local_id').all()
  expect(openNextEpoch(sql)).toBe(3)
  expect(readOutboxHead(sql, 'ops')).toEqual({ epoch: 3, lastSeq: 3 })
  expect(readUnsent(sql, 'ops', 9).map(({ seq, eventId }) => ({ seq, event_id: eventId }))).toEqual(
    ids.map((row, at) => ({ seq: at + 1, ...row })),
  )
})

test('with the leases goes the one that was asked for: it may have been answered in a life that is forgotten', () => {
  writeMeta(sql, 'pending-lease', '{}')
  dropNumberBlocks(sql)
  expect(readMeta(sql, 'pending-lease')).toBeNull()
})

test('each lane has a sequence of its own, and a new epoch gives both new places', () => {
  append()
  const told = { at: 1, cause: 'station-older', epoch: 2 } as const
  for (let event = 0; event < 2; event += 1) appendToOutbox(sql, { type: 'outbox-rewound', body: told }, 1)
  append()
  expect([readOutboxHead(sql, 'ops').lastSeq, readOutboxHead(sql, 'bulk').lastSeq]).toEqual([2, 2])
  markAcknowledged(sql, 'bulk', 1, 1)
  expect([readAcknowledgedSeq(sql, 'ops'), readAcknowledgedSeq(sql, 'bulk')]).toEqual([0, 1])
  expect(measureOutbox(sql).depth).toBe(3)
  openNextEpoch(sql)
  append()
  expect(readUnsent(sql, 'ops', 9).map(({ seq }) => seq)).toEqual([1, 2, 3])
  expect(readUnsent(sql, 'bulk', 9).map(({ seq }) => seq)).toEqual([1, 2])
})

test('the clock of events goes on over both lanes: an event is later than the one before it in the other', () => {
  append()
  appendToOutbox(sql, { type: 'outbox-rewound', body: { at: 1, cause: 'station-older', epoch: 2 } }, 1)
  append()
  const [first, third] = readUnsent(sql, 'ops', 9).map(({ hlc }) => hlc ?? '')
  const [second] = readUnsent(sql, 'bulk', 9).map(({ hlc }) => hlc ?? '')
  expect([third, first, second].sort()).toEqual([first, second, third])
  expect(new Set([first, second, third]).size).toBe(3)
})

test('a run is cut before it would become too large, but never to nothing', () => {
  for (let event = 0; event < 9; event += 1) append()
  const one = JSON.stringify(readUnsent(sql, 'ops', 1)).length
  const cut = readEventsAfter(sql, 'ops', 0, { events: 9, bytes: 5 * one })
  expect(JSON.stringify(cut).length).toBeLessThanOrEqual(5 * one)
  expect(cut.length).toBeGreaterThan(1)
  expect(readEventsAfter(sql, 'ops', 0, { events: 9, bytes: 1 })).toHaveLength(1)
})
