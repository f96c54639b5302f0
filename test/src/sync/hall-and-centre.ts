import { randomUUID } from 'node:crypto'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { safe } from '@orpc/client'
import type { SlipRow } from '@yizhan/contracts/fleet'
import type { PrintDecision } from '@yizhan/contracts/printing'
import { createCentre } from '@yizhan/crm-server/create-centre'
import { type CentreDb, openDatabase } from '@yizhan/crm-server/postgres/database'
import { listSlips, settleSlip } from '@yizhan/crm-server/printing/slip'
import { startNetworkCutter } from '@yizhan/device-drivers/sim/network-cutter'
import { type SimPrinter, startTcpSimPrinter } from '@yizhan/device-drivers/sim/sim-printer'
import { connectScreen, type ScreenSocket } from '@yizhan/station-server/fixture/screen-socket'
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
import type { DeviceConfigs, StationConfig } from '@yizhan/station-server/station-config'
import { readAcknowledgedPlace } from '@yizhan/station-server/sync/acknowledged'
import pg from 'pg'
import { pino } from 'pino'
import { type DemoCard, type HallReaders, startHallReaders } from './hall-readers.ts'

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
  printer: SimPrinter
  stationFolder: string
  bookings: DemoBooking[]
  cards: DemoCard[]
  setNetworkCut(cut: boolean): void
  /** Starts the station (again) on its folder and resolves when a patient can check in. */
  startStation(): Promise<void>
  stopStation(): Promise<void>
  /** Identifies by typed code and checks in whatever is nearest; the number that was given. */
  checkIn(booking: DemoBooking): Promise<string>
  /** How the booking stands when its patient identifies. */
  standingOf(booking: DemoBooking): Promise<string | undefined>
  /** Puts a card in, takes it out again, and identifies with it; the standings that were found, or the refusal. */
  standingsByCard(card: DemoCard): Promise<string[] | string | undefined>
  /** Whether both card readers can take a card. */
  readersReady(): Promise<boolean>
  /** Makes a readiness check at the station, in which nobody scans and no card is put in; the id of its report. */
  checkReadiness(): Promise<string | undefined>
  /** Why the station takes no check-in, or null. */
  outOfService(): Promise<string | null>
  /** Purges every acknowledged event of the stopped station, as a quiet week does. */
  forgetSentEvents(): Promise<void>
  /** The slips that staff see, and what they say of one. */
  slips(): Promise<SlipRow[]>
  settleSlip(slip: SlipRow, decision: PrintDecision): Promise<void>
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
  // Row-level security binds the owner too; who looks is set for the whole connection.
  const options = `-c app.tenant_id=${demoTenantId} -c app.reach_hospital=,booking,slip,station,`
  const pool = new pg.Pool({ connectionString: centre.database.migratorUrl, options, max: 2 })
  pool.on('error', () => undefined)
  const readers = await startHallReaders(folder)
  const config = stationConfig(folder, { centrePort: network.port, printerPort: printer.port }, readers.devices)
  const running: Running = { station: null, client: null, screen: null }
  const stopStation = async () => {
    running.screen?.close()
    await running.station?.stop()
    running.station = null
  }
  const desk = openDatabase(centre.database.appUrl, { maxConnections: 2, onIdleError: () => undefined })
  return {
    stationFolder,
    printer,
    ...staffOf(desk.db),
    ...(JSON.parse(readFileSync(demoFile, 'utf8')) as { bookings: DemoBooking[]; cards: DemoCard[] }),
    setNetworkCut: (cut) => network.setCut(cut),
    async startStation() {
      const station = await createStation(config, { log: silentLog, now: Date.now })
      running.station = station
      const cookie = await openScreen(station.url, config.launchTokenFile)
      running.client = kioskClient(station.url, cookie)
      running.screen = await connectScreen(station.url, cookie)
      while (!(await fetch(`${station.url}/health/ready`)).ok) await new Promise((resolve) => setTimeout(resolve, 100))
    },
    stopStation,
    ...atTheScreen(running, readers),
    async forgetSentEvents() {
      const db = openFixtureDb(stationFolder)
      await db.transact((sql) =>
        sql.prepare('DELETE FROM outbox WHERE local_id <= ?').run(readAcknowledgedPlace(sql, 'ops')),
      )
      await db.close()
    },
    query: async (text, values = []) => (await pool.query(text, values)).rows,
    async stop() {
      await stopStation()
      await network.stop()
      await printer.stop()
      await readers.stop()
      await pool.end()
      await desk.close()
      await centre.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** What staff see and say of slips, as the console's calls do it. */
function staffOf(db: CentreDb): Pick<HallAndCentre, 'slips' | 'settleSlip'> {
  const actor = { kind: 'system' as const, id: 'desk', requestId: 'test' }
  return {
    slips: () => listSlips(db, demoTenantId, Date.now()),
    async settleSlip({ jobId, stationId }, decision) {
      const caller = { tenantId: demoTenantId, nowMs: Date.now(), actor }
      const settled = await settleSlip(db, caller, { jobId, stationId, decision, operationId: randomUUID() })
      if (!settled.ok) throw new Error(settled.error)
    },
  }
}

interface Running {
  station: Station | null
  client: KioskClient | null
  screen: ScreenSocket | null
}

/** What patients do at the running station's screen. */
function atTheScreen(
  running: Running,
  readers: HallReaders,
): Pick<
  HallAndCentre,
  'checkIn' | 'standingOf' | 'standingsByCard' | 'readersReady' | 'checkReadiness' | 'outOfService'
> {
  return {
    async checkIn({ code, secondItem }) {
      const { sessionId, appointments } = await identifyTyped(clientOf(running), code, secondItem)
      const bookingId = appointments[0]?.bookingId ?? ''
      const ask = { sessionId, bookingId, operationId: randomUUID(), locale: 'zh-CN' as const }
      return (await clientOf(running).checkIn.commit(ask)).queueNumber
    },
    async standingOf({ code, secondItem }) {
      return (await identifyTyped(clientOf(running), code, secondItem)).appointments[0]?.standing
    },
    async standingsByCard(card) {
      const [read, removed] = [running.screen?.next('card-read'), running.screen?.next('card-removed')]
      readers.putIn(card)
      const cardId = (await read)?.cardId ?? ''
      readers.takeOut(card)
      await removed
      const ask = { sessionId: randomUUID(), credential: { kind: 'card' as const, cardId } }
      const { error, data } = await safe(clientOf(running).checkIn.identify(ask))
      return error === null ? data.appointments.map(({ standing }) => standing) : (error as { code?: string }).code
    },
    async readersReady() {
      const { cardReader, idReader } = await clientOf(running).station.view()
      return cardReader?.phase === 'ready' && idReader?.phase === 'ready'
    },
    async checkReadiness() {
      await clientOf(running).readiness.start({ operationId: randomUUID() })
      return (await clientOf(running).readiness.end())?.reportId
    },
    outOfService: async () => (await clientOf(running).station.view()).outOfService,
  }
}

function clientOf({ client }: Running): KioskClient {
  if (client === null) throw new Error('the station has not been started')
  return client
}

function stationConfig(
  folder: string,
  ports: { centrePort: number; printerPort: number },
  devices: Partial<DeviceConfigs>,
): StationConfig {
  return {
    port: 0,
    dataFolder: join(folder, 'station'),
    copyFolder: join(folder, 'station/copy'),
    staticFolder: join(folder, 'page'),
    centreUrl: `http://127.0.0.1:${ports.centrePort}`,
    tenantId: demoTenantId,
    keyProfile: 'offline-boot',
    devices: {
      ...noOptionalDevices,
      ...devices,
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
