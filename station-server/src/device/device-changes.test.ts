import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DeviceHealth, deviceChange } from '@yizhan/contracts/device'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { silentLog } from '../fixture/station-fixture.ts'
import { openFixtureDb } from '../fixture/station-folder.ts'
import type { StationDb } from '../storage/station-db.ts'
import type { CentreClient } from '../sync/centre-client.ts'
import { insertDeviceChanges, noteChangesTold, readUntoldChanges, ringSize } from './device-change-store.ts'
import { tellDeviceChanges } from './device-change-upload.ts'
import { startDeviceChanges } from './device-changes.ts'

let folder: string
let db: StationDb
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'yz-device-changes-'))
  db = openFixtureDb(folder)
})
afterEach(async () => {
  await db.close()
  rmSync(folder, { recursive: true, force: true })
})

const health = (seq: number): DeviceHealth => ({
  deviceId: 'reader',
  kind: 'card-reader',
  phase: 'fault',
  reasons: ['link-lost'],
  since: Date.now(),
  seq,
})
const kept = () => readUntoldChanges(db.sql, ringSize * 2)

test('changes are written together, in one commit, and are there after a stop', async () => {
  let commits = 0
  const counted: StationDb = {
    ...db,
    transact: (work) => {
      commits += 1
      return db.transact(work)
    },
  }
  const changes = startDeviceChanges({ db: counted, now: Date.now, log: silentLog, onWritten: () => undefined })
  for (let seq = 1; seq <= 20; seq += 1) changes.note(health(seq), 'driver')
  expect(kept()).toEqual([])
  await changes.stop()
  expect(commits).toBe(1)
  expect(kept().map(({ change }) => change.seq)).toEqual(Array.from({ length: 20 }, (_, n) => n + 1))
  for (const { change } of kept()) expect(deviceChange.parse(change)).toEqual(change)
})

test('the ring keeps the newest ten thousand', async () => {
  const changes = startDeviceChanges({ db, now: Date.now, log: silentLog, onWritten: () => undefined })
  changes.note(health(1), 'supervisor')
  await changes.stop()
  const [first] = kept()
  if (first === undefined) throw new Error('nothing was kept')
  const many = Array.from({ length: ringSize + 5 }, (_, n) => ({ ...first.change, seq: n + 2 }))
  await db.transact((sql) => insertDeviceChanges(sql, many))
  const seqs = kept().map(({ change }) => change.seq)
  expect(seqs).toHaveLength(ringSize)
  expect([seqs[0], seqs.at(-1)]).toEqual([7, ringSize + 6])
})

test('the centre is told in batches from where it was left, and again what it did not acknowledge', async () => {
  const many = Array.from({ length: 450 }, (_, n) => ({
    ...health(n + 1),
    changeId: '019ab000-0000-7000-8000-000000000001',
    source: 'driver' as const,
  }))
  await db.transact((sql) => insertDeviceChanges(sql, many))
  const told: number[][] = []
  let away = false
  const tellDeviceChangesCall = async ({ changes }: { changes: { seq: number }[] }) => {
    told.push(changes.map(({ seq }) => seq))
    if (away) throw new Error('the answer was lost')
    return { stored: changes.length }
  }
  const centre = { tellDeviceChanges: tellDeviceChangesCall } as unknown as CentreClient
  const tell = () => tellDeviceChanges({ db, centre })
  expect(await tell()).toBe('more')
  away = true
  await expect(tell()).rejects.toThrow('the answer was lost')
  away = false
  expect(await tell()).toBe('more')
  expect(await tell()).toBe('done')
  expect(await tell()).toBe('done')
  expect(told.map((batch) => [batch[0], batch.length])).toEqual([
    [1, 200],
    [201, 200],
    [201, 200],
    [401, 50],
  ])
})

test('a ring that begins anew behind its old cursor, as in a rebuilt database, is told from its start', async () => {
  const one = { ...health(1), changeId: '019ab000-0000-7000-8000-000000000001', source: 'driver' as const }
  await db.transact((sql) => {
    noteChangesTold(sql, 700)
    insertDeviceChanges(sql, [one])
  })
  expect(kept().map(({ change }) => change)).toEqual([one])
  await db.transact((sql) => noteChangesTold(sql, 1))
  expect(kept()).toEqual([])
})
