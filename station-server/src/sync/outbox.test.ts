import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStationMemory } from '../fixture/station-memory.ts'
import { dropNumberBlocks } from '../queue/number-blocks.ts'
import { readMeta, writeMeta } from '../storage/meta.ts'
import type { Sql } from '../storage/sql.ts'
import {
  appendToOutbox,
  markAcknowledged,
  measureOutbox,
  openNextEpoch,
  readAcknowledgedSeq,
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
  const cut = readUnsent(sql, 'ops', 9, 5 * one)
  expect(JSON.stringify(cut).length).toBeLessThanOrEqual(5 * one)
  expect(cut.length).toBeGreaterThan(1)
  expect(readUnsent(sql, 'ops', 9, 1)).toHaveLength(1)
})
