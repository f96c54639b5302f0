import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EventEnvelope } from '@yizhan/contracts/sync'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { silentLog } from '../fixture/station-fixture.ts'
import { fixtureWitness, openFixtureDb } from '../fixture/station-folder.ts'
import { CentreTime } from '../station/centre-time.ts'
import type { StationDb } from '../storage/station-db.ts'
import { BatchSize } from './batch-size.ts'
import type { CentreClient } from './centre-client.ts'
import { appendToOutbox, measureOutbox, openNextEpoch, readAcknowledgedSeq } from './outbox.ts'
import { sendEvents } from './outbox-upload.ts'

let folder: string
let db: StationDb

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'yz-upload-'))
  db = openFixtureDb(folder)
  const body = { jobId: 'j', bookingId: 'b', state: 'confirmed', copy: 1, settledAt: 1, by: 'evidence' } as const
  await db.transact((sql) => {
    for (let at = 0; at < 700; at += 1) appendToOutbox(sql, { type: 'ticket-print-settled', body }, 1)
  })
})
afterEach(async () => {
  await db.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Sends once to a centre that answers as given. */
function send(upload: (run: { events: EventEnvelope[] }) => Promise<{ ackedSeq: number }>) {
  return sendEvents({
    db,
    witness: fixtureWitness(folder),
    centre: { upload } as unknown as CentreClient,
    now: Date.now,
    log: silentLog,
    appVersion: '0.1.0',
    centreTime: new CentreTime(db, () => 0),
    batchSize: new BatchSize(),
    monotonic: () => 0,
  })
}

test('everything that the centre has acknowledged is marked, however many steps that takes, and nothing beyond', async () => {
  expect(await send(async ({ events }) => ({ ackedSeq: events.at(-1)?.seq ?? 0 }))).toBe('more')
  expect(readAcknowledgedSeq(db.sql, 'ops')).toBe(500)
  expect(measureOutbox(db.sql).depth).toBe(200)
  expect(await send(async () => ({ ackedSeq: 699 }))).toBe('more')
  expect(measureOutbox(db.sql).depth).toBe(1)
})

test('an answer that comes after a new epoch was opened marks nothing: those places belong to other events now', async () => {
  await send(async () => {
    await db.transact((sql) => sql.prepare('DELETE FROM outbox WHERE local_id <= 100').run())
    await db.transact(openNextEpoch)
    return { ackedSeq: 500 }
  })
  expect(measureOutbox(db.sql).depth).toBe(600)
})
