import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { StationEvent } from '@yizhan/contracts/sync'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { purge } from '../station/purge.ts'
import { openStationDb, type StationDb } from '../storage/station-db.ts'
import { hearCentreClock } from './event-clock.ts'
import { appendToOutbox, markAcknowledged, readOutboxHead, readUnsent } from './outbox.ts'

const key = randomBytes(32)
const migrationsFolder = fileURLToPath(new URL('../../migrations', import.meta.url))
const dayMs = 86_400_000
const start = Date.UTC(2026, 10, 21)
let folder: string
let db: StationDb

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'yz-clock-'))
  db = openStationDb(join(folder, 'station.db'), key, migrationsFolder)
})
afterEach(async () => {
  await db.close()
  rmSync(folder, { recursive: true, force: true })
})

const event: StationEvent = {
  type: 'ticket-print-settled',
  body: {
    jobId: '019ab000-0000-7000-8000-000000000001',
    bookingId: '019ab000-0000-7000-8000-000000000002',
    state: 'confirmed',
    copy: 1,
    settledAt: start,
    by: 'evidence',
  },
}

/** Writes one event at a moment of the wall clock; answers its place on the hybrid clock. */
async function happens(atMs: number): Promise<string> {
  await db.transact((sql) => appendToOutbox(sql, event, atMs))
  return readUnsent(db.sql, 'ops', 100_000).at(-1)?.hlc ?? ''
}

test('events keep their order by the hybrid clock over clock steps, greetings, purges and restarts', async () => {
  const act = fc.record({
    stepMs: fc.constantFrom(0, 1, 60_000, -5000, 400 * dayMs, -400 * dayMs),
    between: fc.constantFrom('nothing', 'greeting', 'purge', 'restart'),
  })
  let nowMs = start
  let last = ''
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 12 }), async (acts) => {
      for (const { stepMs, between } of acts) {
        nowMs = Math.max(0, nowMs + stepMs)
        if (between === 'greeting') await db.transact((sql) => hearCentreClock(sql, start + 30_000, nowMs))
        if (between === 'purge') await forgetEverything()
        if (between === 'restart') await reopen()
        const next = await happens(nowMs)
        expect(next > last).toBe(true)
        last = next
      }
    }),
    { numRuns: 40 },
  )
})

test('an event after a greeting lies after the centre that was heard, unless its clock is a minute ahead', async () => {
  await db.transact((sql) => hearCentreClock(sql, start + 30_000, start))
  expect(await happens(start)).toBe(`${start + 30_000}.00002`)
  await db.transact((sql) => hearCentreClock(sql, start + 5 * 60_000, start))
  expect(Number.parseInt(await happens(start), 10)).toBe(start + 30_000)
})

async function forgetEverything(): Promise<void> {
  await db.transact((sql) => markAcknowledged(sql, 'ops', readOutboxHead(sql, 'ops').lastSeq, 1))
  await purge(db, start + 2000 * dayMs)
}

async function reopen(): Promise<void> {
  await db.close()
  db = openStationDb(join(folder, 'station.db'), key, migrationsFolder)
}
