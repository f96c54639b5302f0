import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { bootStation } from './boot-station.ts'
import { fixtureIds, fixtureStructure } from './fixture/demo-rows.ts'
import { kioskClient, noOptionalDevices, openScreen, silentLog } from './fixture/station-fixture.ts'
import { openFixtureDb, prepareStationFolder } from './fixture/station-folder.ts'
import type { Station } from './station.ts'
import type { StationConfig } from './station-config.ts'
import { appendToOutbox } from './sync/outbox.ts'

let folder: string
let station: Station | null
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'yz-boot-'))
  await prepareStationFolder(folder, fixtureStructure(), 10)
})
afterEach(async () => {
  await station?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const config = (): StationConfig => ({
  port: 0,
  dataFolder: folder,
  copyFolder: join(folder, 'copy'),
  staticFolder: join(folder, 'page'),
  centreUrl: 'http://127.0.0.1:9',
  tenantId: fixtureIds.tenant,
  keyProfile: 'offline-boot',
  devices: {
    ...noOptionalDevices,
    printer: { deviceId: 'printer', profile: 'epson-80', link: { kind: 'tcp', host: '127.0.0.1', port: 9 } },
  },
  decoder: null,
  launchTokenFile: join(folder, 'launch-token'),
  demo: true,
})

/** A month without the centre: enough that salvaging takes longer than asking for the view. */
const queuedEvents = 20_000

async function fillAndDamage(): Promise<void> {
  const db = openFixtureDb(folder)
  const body = {
    jobId: fixtureIds.clinic,
    bookingId: fixtureIds.clinic,
    state: 'confirmed',
    copy: 1,
    settledAt: 1,
    by: 'evidence',
  } as const
  await db.transact((sql) => {
    for (let n = 0; n < queuedEvents; n += 1) appendToOutbox(sql, { type: 'ticket-print-settled', body }, 1000 + n)
  })
  await db.close()
  const path = join(folder, 'station.db')
  const bytes = readFileSync(path)
  const middle = Math.floor(bytes.length / 2)
  bytes[middle] = (bytes[middle] ?? 0) ^ 0x10
  writeFileSync(path, bytes)
}

test('while a damaged database is rebuilt the screen says so, and the same page goes on by itself afterwards', async () => {
  await fillAndDamage()
  const broken = vi.fn()
  station = await bootStation(config(), { log: silentLog, now: Date.now, onBroken: broken })
  const client = kioskClient(station.url, await openScreen(station.url, config().launchTokenFile))
  expect(await client.station.view()).toMatchObject({ outOfService: 'rebuilding', helpDesk: { 'zh-CN': '服务台' } })
  expect((await fetch(`${station.url}/health/ready`)).status).toBe(503)
  await vi.waitFor(
    async () =>
      expect(await client.station.view()).toMatchObject({ outOfService: null, stationName: { en: 'Trial kiosk A' } }),
    { timeout: 60_000, interval: 50 },
  )
  expect((await client.station.view()).outboxDepth).toBeGreaterThan(queuedEvents * 0.9)
  expect(readdirSync(join(folder, 'quarantine'))).toHaveLength(1)
  expect(broken).not.toHaveBeenCalled()
})

test('a station that is stopped in the middle of a rebuild goes on with it at its next start', async () => {
  await fillAndDamage()
  station = await bootStation(config(), { log: silentLog, now: Date.now })
  await station.stop()
  station = await bootStation(config(), { log: silentLog, now: Date.now })
  const client = kioskClient(station.url, await openScreen(station.url, config().launchTokenFile))
  await vi.waitFor(async () => expect((await client.station.view()).outOfService).toBeNull(), {
    timeout: 60_000,
    interval: 50,
  })
  expect((await client.station.view()).outboxDepth).toBeGreaterThan(queuedEvents * 0.9)
})
