import { randomUUID } from 'node:crypto'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createCentre } from '@yizhan/crm-server/create-centre'
import { startNetworkCutter } from '@yizhan/device-drivers/sim/network-cutter'
import { startTcpSimPrinter } from '@yizhan/device-drivers/sim/sim-printer'
import {
  identifyTyped,
  type KioskClient,
  kioskClient,
  noOptionalDevices,
  openScreen,
  silentLog,
} from '@yizhan/station-server/fixture/station-fixture'
import { openFixtureDb } from '@yizhan/station-server/fixture/station-folder'
import { loadOrMakeIdentity, publicIdentity } from '@yizhan/station-server/identity/station-identity'
import { createStation, type Station } from '@yizhan/station-server/station'
import type { StationConfig } from '@yizhan/station-server/station-config'
import pg from 'pg'
import { pino } from 'pino'

/** The demonstration hospital's tenant, as the centre seeds it. */
const demoTenantId = '01985f00-0000-7000-8000-000000000001'

/** A booking that the demonstration hospital made for trying out. */
export interface DemoBooking {
  code: string
  secondItem: string
  shows: string
}

/** A real centre with the demonstration hospital, and a real station behind a network that can be cut. */
export interface HallAndCentre {
  stationFolder: string
  bookings: DemoBooking[]
  setNetworkCut(cut: boolean): void
  /** Starts the station (again) on its folder and resolves when a patient can check in. */
  startStation(): Promise<void>
  stopStation(): Promise<void>
  /** Identifies by typed code and checks in whatever is nearest; the number that was given. */
  checkIn(booking: DemoBooking): Promise<string>
  /** How the booking stands when its patient identifies. */
  standingOf(booking: DemoBooking): Promise<string | undefined>
  /** Why the station takes no check-in, or null. */
  outOfService(): Promise<string | null>
  /** Purges every acknowledged event of the stopped station, as a quiet week does. */
  forgetSentEvents(): Promise<void>
  /** Rows of a query at the centre's database, as the hospital's own tenant. */
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>
  stop(): Promise<void>
}

/** Starts the centre and prepares the station; the station itself is started by the test. */
export async function openHallAndCentre(): Promise<HallAndCentre> {
  const folder = mkdtempSync(join(tmpdir(), 'yz-sync-'))
  // Run by root, the database's own user has to walk in; else its cluster would be made, and left, elsewhere.
  chmodSync(folder, 0o755)
  const stationFolder = join(folder, 'station')
  const stationKeyFile = join(folder, 'station-key.json')
  const demoFile = join(folder, 'demo.json')
  writeFileSync(stationKeyFile, JSON.stringify(publicIdentity(loadOrMakeIdentity(stationFolder, Date.now))))
  mkdirSync(join(folder, 'page'))
  writeFileSync(join(folder, 'page/index.html'), '<!doctype html><title>kiosk</title>')
  const centre = await createCentre({
    port: 0,
    host: '127.0.0.1',
    dataDir: join(folder, 'centre'),
    demo: { file: demoFile, stationKeyFile },
    log: pino({ enabled: false }),
  })
  const { hostname, port } = new URL(centre.url)
  const network = await startNetworkCutter({ port: 0, target: { host: hostname, port: Number(port) } })
  const printer = await startTcpSimPrinter({ port: 0, speedMmPerS: 5000, now: Date.now })
  // Row-level security binds the owner too; the tenant is set for the whole connection.
  const options = `-c app.tenant_id=${demoTenantId}`
  const pool = new pg.Pool({ connectionString: centre.database.migratorUrl, options, max: 2 })
  pool.on('error', () => undefined)
  const config = stationConfig(folder, { centrePort: network.port, printerPort: printer.port })
  const running: { station: Station | null; client: KioskClient | null } = { station: null, client: null }
  const stopStation = async () => {
    await running.station?.stop()
    running.station = null
  }
  return {
    stationFolder,
    bookings: (JSON.parse(readFileSync(demoFile, 'utf8')) as { bookings: DemoBooking[] }).bookings,
    setNetworkCut: (cut) => network.setCut(cut),
    async startStation() {
      const station = await createStation(config, { log: silentLog, now: Date.now })
      running.station = station
      running.client = kioskClient(station.url, await openScreen(station.url, config.launchTokenFile))
      while (!(await fetch(`${station.url}/health/ready`)).ok) await new Promise((resolve) => setTimeout(resolve, 100))
    },
    stopStation,
    async checkIn({ code, secondItem }) {
      const { sessionId, appointments } = await identifyTyped(clientOf(running), code, secondItem)
      const bookingId = appointments[0]?.bookingId ?? ''
      const ask = { sessionId, bookingId, operationId: randomUUID(), locale: 'zh-CN' as const }
      return (await clientOf(running).checkIn.commit(ask)).queueNumber
    },
    async standingOf({ code, secondItem }) {
      return (await identifyTyped(clientOf(running), code, secondItem)).appointments[0]?.standing
    },
    outOfService: async () => (await clientOf(running).station.view()).outOfService,
    async forgetSentEvents() {
      const db = openFixtureDb(stationFolder)
      await db.transact((sql) => sql.prepare('DELETE FROM outbox WHERE acked_at IS NOT NULL').run())
      await db.close()
    },
    query: async (text, values = []) => (await pool.query(text, values)).rows,
    async stop() {
      await stopStation()
      await network.stop()
      await printer.stop()
      await pool.end()
      await centre.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function clientOf({ client }: { client: KioskClient | null }): KioskClient {
  if (client === null) throw new Error('the station has not been started')
  return client
}

function stationConfig(folder: string, ports: { centrePort: number; printerPort: number }): StationConfig {
  return {
    port: 0,
    dataFolder: join(folder, 'station'),
    copyFolder: join(folder, 'station/copy'),
    staticFolder: join(folder, 'page'),
    centreUrl: `http://127.0.0.1:${ports.centrePort}`,
    tenantId: demoTenantId,
    devices: {
      ...noOptionalDevices,
      printer: {
        deviceId: 'printer',
        profile: 'epson-80',
        link: { kind: 'tcp', host: '127.0.0.1', port: ports.printerPort },
      },
    },
    decoder: null,
    launchTokenFile: join(folder, 'launch-token'),
    demo: true,
  }
}
