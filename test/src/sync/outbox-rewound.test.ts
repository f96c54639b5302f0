import { randomUUID } from 'node:crypto'
import { copyFileSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { inTenant } from '@yizhan/crm-server/postgres/database'
import { applyAll } from '@yizhan/crm-server/sync/projector'
import { openFixtureDb } from '@yizhan/station-server/fixture/station-folder'
import { loadOrMakeIdentity, publicIdentity } from '@yizhan/station-server/identity/station-identity'
import { appendToOutbox } from '@yizhan/station-server/sync/outbox'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Machine, openStationsAtCentre, type StationsAtCentre } from './station-at-centre.ts'

const patient = { timeout: 60_000, interval: 200 }
let hall: StationsAtCentre
beforeAll(async () => {
  hall = await openStationsAtCentre()
})
afterAll(() => hall.stop())

/** A machine that has its place, and has not run yet. */
async function enrolledMachine(letter: string): Promise<{ machine: Machine; stationId: string }> {
  const machine = hall.machine()
  mkdirSync(machine.folder, { recursive: true })
  const { stationId, publicKey } = publicIdentity(loadOrMakeIdentity(machine.folder, Date.now))
  const siteId = hall.hospital.structure.sites[0]?.siteId ?? ''
  const name = { 'zh-CN': `大厅 ${letter}`, en: `Lobby ${letter}` }
  await hall.centre.staff.fleet.enrol({ operationId: randomUUID(), stationId, publicKey, siteId, name, letter })
  return { machine, stationId }
}

/** Runs the machine until the centre holds so many events of it. */
async function runUntilHeard({ machine, stationId }: { machine: Machine; stationId: string }, count: number) {
  const screen = await machine.start()
  await vi.waitFor(async () => expect((await screen.station.view()).outOfService).toBeNull(), patient)
  await vi.waitFor(async () => expect(await eventsHeard(stationId)).toBe(count), patient)
  await machine.stop()
}

async function eventsHeard(stationId: string): Promise<number> {
  const { db, tenantId } = hall.hospital
  const rows = await inTenant(db, tenantId, (tx) =>
    tx
      .selectFrom('inbox')
      .select('event_id')
      .where('tenant_id', '=', tenantId)
      .where('station_id', '=', stationId)
      .execute(),
  )
  return rows.length
}

async function queueEvent({ folder }: Machine, stationId: string): Promise<void> {
  const db = openFixtureDb(folder)
  const body = {
    jobId: stationId,
    bookingId: stationId,
    state: 'confirmed',
    copy: 1,
    settledAt: 1,
    by: 'evidence',
  } as const
  await db.transact((sql) => appendToOutbox(sql, { type: 'ticket-print-settled', body }, Date.now()))
  await db.close()
}

/** Copies the files of a stopped machine's database, as an image of its disk would; answers how to put them back. */
function imageOf({ folder }: Machine): () => void {
  const image = join(folder, 'image')
  mkdirSync(image)
  const ofDatabase = (name: string) => name.startsWith('station.db')
  for (const name of readdirSync(folder).filter(ofDatabase)) copyFileSync(join(folder, name), join(image, name))
  return () => {
    for (const name of readdirSync(folder).filter(ofDatabase)) rmSync(join(folder, name))
    for (const name of readdirSync(image)) copyFileSync(join(image, name), join(folder, name))
  }
}

/** The alarms of a station as the administrator's page is told them, after everything that came in is applied. */
async function alarmsShown(stationId: string) {
  const { db } = hall.hospital
  await applyAll({ db, now: Date.now, onFailure: ({ error }) => expect(error).toBeUndefined() })
  const { stations } = await hall.centre.staff.fleet.list()
  return stations.find((station) => station.stationId === stationId)?.alarms ?? []
}

test('a station whose disk was put back opens a new epoch, and the administrator is alarmed until they have looked after it', async () => {
  const station = await enrolledMachine('R')
  const { machine, stationId } = station
  await runUntilHeard(station, 0)
  const putBack = imageOf(machine)
  await queueEvent(machine, stationId)
  await runUntilHeard(station, 1)
  expect(await alarmsShown(stationId)).toEqual([])
  putBack()
  await runUntilHeard(station, 2)
  const [alarm, ...others] = await alarmsShown(stationId)
  expect(others).toEqual([])
  expect(alarm).toMatchObject({ kind: 'outbox-rewound', detail: { cause: 'station-older', epoch: 2 } })
  const alarmId = alarm?.alarmId ?? ''
  await hall.centre.staff.fleet.acknowledgeAlarm({ stationId, alarmId, operationId: randomUUID() })
  expect(await alarmsShown(stationId)).toEqual([])
  // What was put back once is not told again at the next start.
  await runUntilHeard(station, 2)
  expect(await alarmsShown(stationId)).toEqual([])
})
