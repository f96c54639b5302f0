import { randomUUID } from 'node:crypto'
import { cpSync, existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { safe } from '@orpc/client'
import type { StationView } from '@yizhan/contracts/station'
import { inTenant } from '@yizhan/crm-server/postgres/database'
import type { KioskClient } from '@yizhan/station-server/fixture/station-fixture'
import { openFixtureDb } from '@yizhan/station-server/fixture/station-folder'
import { appendToOutbox } from '@yizhan/station-server/sync/outbox'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { openStationsAtCentre, type StationsAtCentre } from './station-at-centre.ts'

let hall: StationsAtCentre
beforeAll(async () => {
  hall = await openStationsAtCentre()
})
afterAll(() => hall.stop(), 60_000)
beforeEach(() => {
  hall.centre.signIn('administrator')
})

const patient = { timeout: 40_000, interval: 100 }
/** What the doorbell must beat: without it a station would only notice at its next question, up to 15 seconds later. */
const fiveSeconds = { timeout: 5_000, interval: 50 }
const staff = () => hall.centre.staff
const listed = async (stationId: string) =>
  (await staff().fleet.list()).stations.find((station) => station.stationId === stationId)
const until = (screen: KioskClient, state: StationView['outOfService'], limit = patient) =>
  vi.waitFor(async () => expect((await screen.station.view()).outOfService).toBe(state), limit)
const codeOn = (screen: KioskClient) =>
  vi.waitFor(async () => {
    const { pairing } = await screen.station.view()
    if (pairing?.code == null) throw new Error('no code yet')
    return { code: pairing.code, keyFingerprint: pairing.keyFingerprint }
  }, patient)
const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZ'.split('')
const newPlace = () => {
  const letter = letters.shift() ?? ''
  const siteId = hall.hospital.structure.sites[0]?.siteId ?? ''
  return { kind: 'new' as const, siteId, name: { 'zh-CN': `大厅 ${letter}`, en: `Lobby ${letter}` }, letter }
}

/** An administrator types the code, compares, approves. */
async function pair(
  screen: KioskClient,
  place: Parameters<ReturnType<typeof staff>['pairing']['approve']>[0]['place'],
) {
  const shown = await codeOn(screen)
  const found = await staff().pairing.find({ code: shown.code })
  expect(found.keyFingerprint).toBe(shown.keyFingerprint)
  const { pairingId, keyFingerprint } = found
  return await staff().pairing.approve({ operationId: randomUUID(), pairingId, keyFingerprint, place })
}

/** A machine that was paired and serves. */
async function servingMachine(changes: Parameters<StationsAtCentre['machine']>[0] = {}) {
  const machine = hall.machine(changes)
  const screen = await machine.start()
  const { stationId } = await pair(screen, newPlace())
  await until(screen, null)
  return { machine, screen, stationId }
}

test('a machine that nobody knows shows a code, is paired by it, and serves; it needs no code any more', async () => {
  const machine = hall.machine()
  let screen = await machine.start()
  await until(screen, 'not-configured')
  const { code } = await codeOn(screen)
  expect(code).toMatch(/^\d{8}$/)
  await pair(screen, newPlace())
  await until(screen, null)
  expect((await screen.station.view()).pairing).toBeUndefined()
  await machine.stop()
  screen = await machine.start()
  await until(screen, null)
})

test('a machine that is turned down says so and shows another code', async () => {
  const screen = await hall.machine().start()
  const { code } = await codeOn(screen)
  const { pairingId } = await staff().pairing.find({ code })
  await staff().pairing.refuse({ operationId: randomUUID(), pairingId })
  await vi.waitFor(async () => {
    const { pairing } = await screen.station.view()
    expect(pairing?.refused).toBe(true)
    expect(pairing?.code).toMatch(/^\d{8}$/)
    expect(pairing?.code).not.toBe(code)
  }, patient)
})

test('a key is changed on command; the station goes on with the new one over a restart', async () => {
  const { machine, stationId } = await servingMachine()
  const before = (await listed(stationId))?.keyFingerprint
  await staff().fleet.rotateKey({ stationId, operationId: randomUUID() })
  await vi.waitFor(async () => expect((await listed(stationId))?.keyFingerprint).not.toBe(before), patient)
  await machine.stop()
  await forgetPreviousKey(stationId)
  const again = await machine.start()
  await until(again, null)
  await vi.waitFor(async () => expect((await again.station.view()).centre.reachable).toBe(true), patient)
  expect((await listed(stationId))?.link).toBe('online')
  expect(await screenIsPaired(again)).toBe(true)
})

test('revoking is heard within five seconds, and an order to wipe destroys key and data; unsent events go up before', async () => {
  const { machine, screen, stationId } = await servingMachine()
  await staff().fleet.revoke({ stationId, operationId: randomUUID(), reason: 'stolen', wipe: 'after-upload' })
  await until(screen, 'revoked', fiveSeconds)
  await vi.waitFor(async () => expect((await listed(stationId))?.wipe).toBe('wiped'), patient)
  await vi.waitFor(() => expect(readdirSync(machine.folder)).toEqual(['decommissioned.json']), patient)
  expect((await screen.station.view()).outOfService).toBe('revoked')
  await machine.stop()
  const again = await machine.start()
  await until(again, 'revoked')
  expect(existsSync(join(machine.folder, 'identity.json'))).toBe(false)
})

test('what a revoked station has not sent yet goes up before it is wiped', async () => {
  const { machine, stationId } = await servingMachine()
  await machine.stop()
  const db = openFixtureDb(machine.folder)
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
  await staff().fleet.revoke({ stationId, operationId: randomUUID(), reason: 'worn out', wipe: 'after-upload' })
  const screen = await machine.start()
  await until(screen, 'revoked')
  await vi.waitFor(async () => expect((await listed(stationId))?.wipe).toBe('wiped'), patient)
  const { db: centreDb, tenantId } = hall.hospital
  const stored = await inTenant(centreDb, tenantId, (tx) =>
    tx
      .selectFrom('inbox')
      .select('type')
      .where('tenant_id', '=', tenantId)
      .where('station_id', '=', stationId)
      .execute(),
  )
  expect(stored).toEqual([{ type: 'ticket-print-settled' }])
})

test('of two live machines with one key neither is served; one comes back by pairing anew', async () => {
  const { machine, stationId } = await servingMachine()
  await machine.stop()
  const copy = hall.machine()
  cpSync(machine.folder, copy.folder, { recursive: true })
  const first = await machine.start()
  await until(first, null)
  const second = await copy.start()
  await until(first, 'quarantined', { timeout: 90_000, interval: 200 })
  await until(second, 'quarantined', { timeout: 90_000, interval: 200 })
  expect((await listed(stationId))?.link).toBe('quarantined')
  await pair(second, { kind: 'returning' })
  await until(second, null)
  await vi.waitFor(async () => expect((await first.station.view()).pairing?.code).toBeTruthy(), patient)
  expect((await first.station.view()).outOfService).toBe('quarantined')
  const shown = await codeOn(first)
  const found = await staff().pairing.find({ code: shown.code })
  const { pairingId, keyFingerprint } = found
  const { error } = await safe(
    staff().pairing.approve({ operationId: randomUUID(), pairingId, keyFingerprint, place: newPlace() }),
  )
  expect(error).toMatchObject({ code: 'station-known' })
})

test('a strict station waits for its centre at each start, opens its data with the half that it gets, and stays closed without', async () => {
  const { machine } = await servingMachine({ keyProfile: 'strict' })
  await machine.stop()
  const away = hall.machine({ ...machine.config, centreUrl: 'http://127.0.0.1:9' })
  const closed = await away.start()
  await until(closed, 'awaiting-centre')
  await away.stop()
  const open = await machine.start()
  await until(open, null)
  await machine.stop()
  await expect(hall.machine({ ...machine.config, keyProfile: 'offline-boot' }).start()).rejects.toThrow(
    'key profile strict',
  )
})

async function screenIsPaired(screen: KioskClient): Promise<boolean> {
  return (await screen.station.view()).pairing === undefined
}

/** As if the week after the change had passed. */
async function forgetPreviousKey(stationId: string): Promise<void> {
  const { db, tenantId } = hall.hospital
  await inTenant(db, tenantId, (tx) =>
    tx
      .updateTable('station')
      .set({ previous_public_key: null, previous_key_until: null })
      .where('tenant_id', '=', tenantId)
      .where('station_id', '=', stationId)
      .execute(),
  )
}
