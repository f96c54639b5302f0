import { chmodSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type KeyRing, openKeyRing } from '@yizhan/crm-server/tenant/key-ring'
import { type SimPrinter, startTcpSimPrinter } from '@yizhan/device-drivers/sim/sim-printer'
import { type KioskClient, kioskClient } from '@yizhan/station-server/fixture/station-fixture'
import { loadOrMakeIdentity, publicIdentity } from '@yizhan/station-server/identity/station-identity'
import { type FaultProxy, startFaultProxy } from '../fault/fault-proxy.ts'
import { type CentreProcess, centreProcess, freePort } from './centre-process.ts'
import { type DeskDeps, drilledTenant, enrolDrilled, openDrilledHospital } from './drilled-hospital.ts'
import { seededRandom } from './seeded-random.ts'
import { type StationProcess, startStationProcess } from './station-process.ts'

/** A station of the hall, the link to its centre, and its printer. */
export interface HallStation {
  letter: string
  stationId: string
  /** The disk that it alone uses, and its folder there. */
  disk: string
  folder: string
  proxy: FaultProxy
  printer: SimPrinter & { port: number }
  /** As it runs at the moment; the last one while it is down. */
  process: StationProcess
  /** Where patients call: nowhere while `closed`. */
  client(): KioskClient
  closed: boolean
  start(): Promise<void>
}

/** A centre and its stations, each of them a process, joined by links that can be made bad. */
export interface ProxyHall {
  centre: CentreProcess
  centreDisk: string
  stations: HallStation[]
  /** Works at the centre's database as its staff do. */
  atDesk<Value>(work: (desk: DeskDeps) => Promise<Value>): Promise<Value>
  stop(): Promise<void>
}

/** So fast that slips come out while the next are asked for, so slow that faults find one under the head: 50 ms each. */
const printerMmPerS = 2000
const configuredWithinMs = 120_000
/** Nothing listens there: port 9 is the discard service. */
const nobody = kioskClient('http://127.0.0.1:9', '')

/** Brings the hall up; `disks` names a folder for the centre and one for each station. */
export async function openProxyHall(
  disks: { centre: string; stations: readonly string[] },
  seed: number,
): Promise<ProxyHall> {
  const folder = join(disks.centre, 'centre')
  mkdirSync(folder)
  // Run by root, the database's own user has to walk in.
  chmodSync(disks.centre, 0o755)
  const port = await freePort()
  const centre = centreProcess(folder, port)
  const stations: HallStation[] = []
  const stop = async () => {
    await Promise.all(stations.map((station) => closeStation(station)))
    await centre.stop()
  }
  try {
    await centre.start()
    const keys = await openKeyRing(join(folder, 'keys'))
    await withDatabase(centre, keys, ({ db }) => openDrilledHospital(db))
    for (const [at, disk] of disks.stations.entries()) {
      const letter = 'KLMNPQRS'[at] ?? ''
      const folder = join(disk, 'station')
      mkdirSync(folder)
      await withDatabase(centre, keys, ({ db }) => enrolDrilled(db, letter, machineIn(folder)))
      const proxy = await startFaultProxy({ host: '127.0.0.1', port }, seededRandom(seed + 1000 + at))
      stations.push(await openStation({ letter, disk, folder, proxy }))
    }
    await Promise.all(stations.map((station) => untilConfigured(station)))
    return { centre, centreDisk: disks.centre, stations, atDesk: (work) => withDatabase(centre, keys, work), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function withDatabase<Value>(
  centre: CentreProcess,
  keys: KeyRing,
  work: (desk: DeskDeps) => Promise<Value>,
): Promise<Value> {
  const { db, close } = centre.openDatabase()
  try {
    return await work({ db, keys })
  } finally {
    await close()
  }
}

async function openStation(place: Pick<HallStation, 'letter' | 'disk' | 'folder' | 'proxy'>): Promise<HallStation> {
  const { folder, proxy } = place
  const printer = await startTcpSimPrinter({ port: 0, speedMmPerS: printerMmPerS, paperMm: 10_000_000, now: Date.now })
  const settings = { STATION_CENTRE_URL: `http://127.0.0.1:${proxy.port}`, STATION_TENANT_ID: drilledTenant }
  const begin = () => startStationProcess(folder, printer.port, 'epson-80', settings)
  const { stationId } = loadOrMakeIdentity(folder, Date.now)
  const station: HallStation = {
    ...place,
    stationId,
    printer,
    process: await begin(),
    client: () => (station.closed ? nobody : station.process.client),
    closed: false,
    async start() {
      station.process = await begin()
    },
  }
  return station
}

function machineIn(folder: string): { stationId: string; publicKey: string } {
  const { stationId, publicKey } = publicIdentity(loadOrMakeIdentity(folder, Date.now))
  return { stationId, publicKey }
}

async function closeStation({ process, proxy, printer }: HallStation): Promise<void> {
  await process.kill()
  await proxy.stop()
  await printer.stop()
}

async function untilConfigured({ process, letter }: HallStation): Promise<void> {
  const startedAt = performance.now()
  while ((await process.client.station.view()).outOfService !== null) {
    if (performance.now() - startedAt > configuredWithinMs) throw new Error(`station ${letter} did not find its centre`)
    await sleep(100)
  }
}
