import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { ORPCError } from '@orpc/client'
import type { EventEnvelope } from '@yizhan/contracts/sync'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readAttachmentIds } from '../attachment/attachment-store.ts'
import { silentLog } from '../fixture/station-fixture.ts'
import { fixtureWitness, openFixtureDb } from '../fixture/station-folder.ts'
import { CentreTime } from '../station/centre-time.ts'
import type { StationDb } from '../storage/station-db.ts'
import { BatchSize } from './batch-size.ts'
import type { CentreClient } from './centre-client.ts'
import {
  appendToOutbox,
  markAcknowledged,
  measureOutbox,
  openNextEpoch,
  readAcknowledgedSeq,
  readEventIdAt,
  readOutboxHead,
} from './outbox.ts'
import { greetCentre, type OutboxDeps, sendEvents } from './outbox-upload.ts'
import { ReadAhead } from './prepared-upload.ts'

let folder: string
let db: StationDb
let ahead: ReadAhead | null

beforeEach(async () => {
  ahead = null
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

/** What telling a centre needs that answers as given. */
const deps = (centre: object): OutboxDeps => ({
  db,
  witness: fixtureWitness(folder),
  centre: centre as CentreClient,
  now: Date.now,
  log: silentLog,
  appVersion: '0.1.0',
  centreTime: new CentreTime(db, () => 0),
  batchSize: new BatchSize(),
  monotonic: () => 0,
  ...(ahead === null ? {} : { ahead }),
})

interface GivenOptions {
  context: { goAhead: Promise<boolean> }
}

/** Sends once to a centre that answers as given. */
function send(upload: (run: { events: EventEnvelope[] }, options: GivenOptions) => Promise<{ ackedSeq: number }>) {
  return sendEvents(deps({ upload }))
}

test('everything that the centre has acknowledged is marked, and nothing beyond', async () => {
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

test('a greeting that is answered after a new epoch was opened judges nothing by the places of the old one', async () => {
  await db.transact((sql) => markAcknowledged(sql, 'ops', 150, 1))
  const asked: number[] = []
  const held = { ackedSeq: 200, ackedEventId: readEventIdAt(db.sql, 'ops', 200) }
  const empty = { ackedSeq: 0, ackedEventId: null }
  const hello = async ({ epoch }: { epoch: number }) => {
    asked.push(epoch)
    if (epoch === 1) {
      await db.transact((sql) => sql.prepare('DELETE FROM outbox WHERE local_id <= 100').run())
      await db.transact(openNextEpoch)
    }
    const position = epoch === 1 ? held : empty
    return { now: 1, stationName: {}, stationLetter: 'K', siteId: 's', qrKeys: [], bulk: empty, ...position }
  }
  await greetCentre(deps({ hello }))
  expect(asked).toEqual([1, 2])
  expect(readOutboxHead(db.sql, 'ops')).toEqual({ epoch: 2, lastSeq: 600 })
  expect(measureOutbox(db.sql).depth).toBe(600)
})

test('a centre that has forgotten events is asked about the attachments of which they told', async () => {
  const attachmentId = '01985f00-0000-7000-8000-0000000000a1'
  const facts = { attachmentId, mediaType: 'image/png', byteLength: 10, salt: '', digest: '', madeAt: 1 } as const
  const body = { ...facts, salt: Buffer.alloc(16).toString('base64'), digest: Buffer.alloc(32).toString('base64') }
  await db.transact((sql) => {
    appendToOutbox(sql, { type: 'attachment-made', body }, 1)
    markAcknowledged(sql, 'ops', 700, 1)
    markAcknowledged(sql, 'bulk', 1, 1)
  })
  expect(readAttachmentIds(db.sql).size).toBe(0)
  const empty = { ackedSeq: 0, ackedEventId: null }
  const hello = async () => ({
    ...{ now: 1, stationName: {}, stationLetter: 'K', siteId: 's', qrKeys: [], bulk: empty, ...empty },
  })
  await greetCentre(deps({ hello }))
  expect([...readAttachmentIds(db.sql)]).toEqual([attachmentId])
})

test('a gap that a greeting has closed meanwhile opens no further epoch', async () => {
  const empty = { ackedSeq: 0, ackedEventId: null }
  const upload = async () => {
    await db.transact(openNextEpoch)
    throw new ORPCError('sequence-gap', { defined: true, data: { ackedSeq: 0 } })
  }
  const hello = async () => ({
    ...{ now: 1, stationName: {}, stationLetter: 'K', siteId: 's', qrKeys: [], bulk: empty, ...empty },
  })
  expect(await sendEvents(deps({ upload, hello }))).toBe('more')
  expect(readOutboxHead(db.sql, 'ops')).toEqual({ epoch: 2, lastSeq: 700 })
})

/** A centre that packs calls at once and hears them when they go ahead; what it heard, and what it packed, by first sequence. */
function openListeningCentre() {
  const packed: number[] = []
  const heard: number[] = []
  return {
    packed,
    heard,
    async upload({ events }: { events: EventEnvelope[] }, { context }: GivenOptions) {
      const [first, last] = [events[0]?.seq ?? 0, events.at(-1)?.seq ?? 0]
      packed.push(first)
      if (!(await context.goAhead)) throw new Error('given up')
      heard.push(first)
      await nextTurn()
      await nextTurn()
      return { ackedSeq: last }
    },
  }
}

test('the next batch is packed while the centre stores the one before it, and sent only then', async () => {
  ahead = new ReadAhead()
  const centre = openListeningCentre()
  expect(await send(centre.upload)).toBe('more')
  expect(centre).toMatchObject({ packed: [1, 501], heard: [1] })
  expect(await send(centre.upload)).toBe('done')
  expect(centre).toMatchObject({ packed: [1, 501], heard: [1, 501] })
  expect(measureOutbox(db.sql).depth).toBe(0)
})

test('a batch that was read ahead is given up when the one before it fails, and when a new epoch gives it other places', async () => {
  ahead = new ReadAhead()
  const centre = openListeningCentre()
  const failing = (run: { events: EventEnvelope[] }, options: GivenOptions) =>
    centre.upload(run, options).then(() => Promise.reject(new Error('the network is gone')))
  await expect(send(failing)).rejects.toThrow('the network is gone')
  expect(await send(centre.upload)).toBe('more')
  await db.transact(openNextEpoch)
  expect(await send(centre.upload)).toBe('more')
  expect(await send(centre.upload)).toBe('done')
  expect(centre.heard).toEqual([1, 1, 1, 501])
})
