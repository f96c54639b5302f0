import { randomUUID } from 'node:crypto'
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { StationView } from '@yizhan/contracts/station'
import { databaseKeyHalf } from '@yizhan/crm-server/fleet/database-key-half'
import { inTenant } from '@yizhan/crm-server/postgres/database'
import type { KioskClient } from '@yizhan/station-server/fixture/station-fixture'
import { readIdentityFile } from '@yizhan/station-server/identity/identity-file'
import { loadOrMakeIdentity, publicIdentity } from '@yizhan/station-server/identity/station-identity'
import { strictDatabaseKey } from '@yizhan/station-server/identity/strict-key'
import { openStationDb } from '@yizhan/station-server/storage/station-db'
import { appendToOutbox } from '@yizhan/station-server/sync/outbox'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { openStationsAtCentre, type StationsAtCentre } from './station-at-centre.ts'

const migrationsFolder = fileURLToPath(new URL('../../../station-server/migrations', import.meta.url))
const patient = { timeout: 60_000, interval: 100 }
let hall: StationsAtCentre
beforeAll(async () => {
  hall = await openStationsAtCentre()
})
afterAll(() => hall.stop())

const until = (screen: KioskClient, state: StationView['outOfService']) =>
  vi.waitFor(async () => expect((await screen.station.view()).outOfService).toBe(state), patient)
const wipeOf = async (stationId: string) =>
  (await hall.centre.staff.fleet.list()).stations.find((station) => station.stationId === stationId)?.wipe

/** A *strict* machine that has served, stopped, with an event in its database that the centre has not. */
async function machineWithUnsentEvent(letter: string) {
  const machine = hall.machine({ keyProfile: 'strict' })
  mkdirSync(machine.folder, { recursive: true })
  const { stationId, publicKey } = publicIdentity(loadOrMakeIdentity(machine.folder, Date.now))
  const siteId = hall.hospital.structure.sites[0]?.siteId ?? ''
  const name = { 'zh-CN': `大厅 ${letter}`, en: `Lobby ${letter}` }
  await hall.centre.staff.fleet.enrol({ operationId: randomUUID(), stationId, publicKey, siteId, name, letter })
  await until(await machine.start(), null)
  await vi.waitFor(() => expect(readIdentityFile(machine.folder).orderKey).toBeDefined(), patient)
  await machine.stop()
  await queueEvent(machine.folder, stationId)
  return { machine, stationId }
}

async function queueEvent(folder: string, stationId: string): Promise<void> {
  const { hospital } = hall
  const half = await databaseKeyHalf(hospital, hospital.tenantId, stationId)
  const { databaseKey: localHalf } = loadOrMakeIdentity(folder, Date.now)
  const key = strictDatabaseKey(folder, localHalf, Buffer.from(half, 'base64'))
  if (key === null) throw new Error('the half of the centre does not fit')
  const db = openStationDb(join(folder, 'station.db'), key, migrationsFolder)
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

async function eventsHeard(stationId: string): Promise<string[]> {
  const { db, tenantId } = hall.hospital
  const rows = await inTenant(db, tenantId, (tx) =>
    tx
      .selectFrom('inbox')
      .select('type')
      .where('tenant_id', '=', tenantId)
      .where('station_id', '=', stationId)
      .execute(),
  )
  return rows.map(({ type }) => type)
}

test.each([
  { wipe: 'at-once', letter: 'S', heard: [] },
  { wipe: 'after-upload', letter: 'T', heard: ['ticket-print-settled'] },
] as const)(
  'a strict station that was off when it was revoked is wiped at its next start ($wipe)',
  async ({ wipe, letter, heard }) => {
    const { machine, stationId } = await machineWithUnsentEvent(letter)
    await hall.centre.staff.fleet.revoke({ stationId, operationId: randomUUID(), reason: 'off', wipe })
    await until(await machine.start(), 'revoked')
    await vi.waitFor(async () => expect(await wipeOf(stationId)).toBe('wiped'), patient)
    await vi.waitFor(() => expect(readdirSync(machine.folder)).toEqual(['decommissioned.json']), patient)
    expect(await eventsHeard(stationId)).toEqual(heard)
    await machine.stop()
    await until(await machine.start(), 'revoked')
  },
)

test('a strict station that is revoked without an order keeps its data closed: the centre gives its half no more', async () => {
  const { machine, stationId } = await machineWithUnsentEvent('U')
  await hall.centre.staff.fleet.revoke({ stationId, operationId: randomUUID(), reason: 'off' })
  await until(await machine.start(), 'revoked')
  expect(await wipeOf(stationId)).toBeNull()
  expect(readdirSync(machine.folder)).toEqual(expect.arrayContaining(['identity.json', 'station.db']))
  expect(await eventsHeard(stationId)).toEqual([])
})
