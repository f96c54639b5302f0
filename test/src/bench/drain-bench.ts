import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type NetworkCutter, startNetworkCutter } from '@yizhan/device-drivers/sim/network-cutter'
import { startTcpSimPrinter } from '@yizhan/device-drivers/sim/sim-printer'
import { checkInTyped, type KioskClient } from '@yizhan/station-server/fixture/station-fixture'
import { openFixtureDb } from '@yizhan/station-server/fixture/station-folder'
import pg from 'pg'
import { type StationProcess, startStationProcess } from '../drill/station-process.ts'
import { type BookedPatient, bookPatients } from './bench-bookings.ts'
import { type BenchCentre, settleInbox, startBenchCentre } from './bench-centre.ts'
import { type BenchLine, compareCosts, compareRates, median, percentile } from './bench-line.ts'
import { queueCheckIns } from './check-in-events.ts'

// On the disk of the checkout: a temporary folder may be memory, where a sync costs nothing.
const scratch = fileURLToPath(new URL('../../../.tmp', import.meta.url))

/** A month offline at 5,000 operations a day. */
const queued = 150_000
const rounds = 3
/** Five check-ins a second: a hall's busiest minutes, at one station. */
const apartMs = 200
const idleMs = 45_000
/** The first ones meet code that is not compiled yet; a lobby's station has been up since dawn. */
const warmUps = 40
const goals = { slowdown: 1.5, emptyWithinS: 300 }
/** Enough for all rounds when the outbox takes five minutes to drain; the goal is far below. */
const bookings = 3000
const patienceMs = 300_000
const lookEveryMs = 50

interface Round {
  drainMs: number
  /** How long each check-in took, from its beginning to the committed answer. */
  drainingMs: number[]
  idleMs: number[]
}

/** Patients check in at five a second while their station tells the centre a month of events, and afterwards in peace. */
export async function benchDrain(): Promise<BenchLine[]> {
  mkdirSync(scratch, { recursive: true })
  const folder = mkdtempSync(join(scratch, 'bench-drain-'))
  const stops: (() => Promise<void>)[] = []
  try {
    const centre = await startBenchCentre(folder)
    stops.push(() => centre.stop())
    const { hostname, port } = new URL(centre.url)
    const network = await startNetworkCutter({ port: 0, target: { host: hostname, port: Number(port) } })
    stops.push(() => network.stop())
    const printer = await startTcpSimPrinter({ port: 0, speedMmPerS: 5000, paperMm: 10_000_000, now: Date.now })
    stops.push(() => printer.stop())
    const patients = (await bookPatients(centre, bookings)).values()
    const start = () =>
      startStationProcess(centre.stationFolder, printer.port, 'epson-80', {
        STATION_CENTRE_URL: `http://127.0.0.1:${network.port}`,
        STATION_TENANT_ID: centre.tenantId,
      })
    await learnBookings(await start())
    const all: Round[] = []
    for (let round = 0; round < rounds; round += 1) {
      await queueMonth(centre)
      network.setCut(true)
      const station = await start()
      try {
        all.push(await measureRound(centre, network, station, patients))
      } finally {
        await station.stop()
      }
    }
    return compare(all)
  } finally {
    for (const stop of stops.reverse()) await stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Lets the station greet the centre and learn of its bookings once, as it would have before the month. */
async function learnBookings(station: StationProcess): Promise<void> {
  await untilTrue(async () => (await fetch(`${station.url}/health/ready`)).ok, 'the station did not become ready')
  await station.stop()
}

async function queueMonth({ stationFolder }: BenchCentre): Promise<void> {
  const db = openFixtureDb(stationFolder)
  await queueCheckIns(db, queued)
  await db.close()
}

/** One month: check-ins while it drains, and as long again, or a while at least, once the centre has nothing left to do. */
async function measureRound(
  centre: BenchCentre,
  network: NetworkCutter,
  { client }: StationProcess,
  patients: Iterator<BookedPatient>,
): Promise<Round> {
  const stored = await openStoredCount(centre)
  try {
    await checkInUntil(client, patients, (done) => done === warmUps)
    const before = await stored.read()
    network.setCut(false)
    await untilTrue(async () => (await stored.read()) > before, 'the station did not begin to send')
    const begunAt = performance.now()
    let drainedAt: number | null = null
    const draining = untilTrue(async () => (await stored.read()) >= before + queued, 'the outbox did not drain').then(
      () => {
        drainedAt = performance.now()
      },
    )
    const drainingMs = await checkInUntil(client, patients, () => drainedAt !== null)
    await draining
    await settleInbox(centre)
    const idleUntil = performance.now() + idleMs
    const idle = await checkInUntil(client, patients, () => performance.now() >= idleUntil)
    return { drainMs: (drainedAt ?? begunAt) - begunAt, drainingMs, idleMs: idle }
  } finally {
    await stored.close()
  }
}

/** Patients come at an even pace, whether the one before has been served or not; how long each of them waited. */
async function checkInUntil(
  client: KioskClient,
  patients: Iterator<BookedPatient>,
  isEnough: (come: number) => boolean,
): Promise<number[]> {
  const served: Promise<number>[] = []
  for (let dueAt = performance.now(); !isEnough(served.length); dueAt += apartMs) {
    await sleep(Math.max(0, dueAt - performance.now()))
    const next = patients.next()
    if (next.done === true) throw new Error('more patients came than were booked')
    served.push(timeCheckIn(client, next.value))
  }
  return await Promise.all(served)
}

async function timeCheckIn(client: KioskClient, patient: BookedPatient): Promise<number> {
  const begunAt = performance.now()
  await checkInTyped(client, patient)
  return performance.now() - begunAt
}

/** How many events of the station the centre holds, all epochs and lanes together. */
async function openStoredCount({ database, tenantId }: BenchCentre) {
  const client = new pg.Client({
    connectionString: database.migratorUrl,
    options: `-c app.tenant_id=${tenantId}`,
  })
  await client.connect()
  return {
    async read(): Promise<number> {
      const { rows } = await client.query<{ n: string | null }>('select sum(acked_seq) as n from sync_cursor')
      return Number(rows[0]?.n ?? 0)
    },
    close: () => client.end(),
  }
}

async function untilTrue(isTrue: () => Promise<boolean>, complaint: string): Promise<void> {
  const startedAt = performance.now()
  while (!(await isTrue())) {
    if (performance.now() - startedAt > patienceMs) throw new Error(complaint)
    await sleep(lookEveryMs)
  }
}

function compare(all: readonly Round[]): BenchLine[] {
  const draining = all.flatMap((round) => round.drainingMs)
  const idle = all.flatMap((round) => round.idleMs)
  const at = (name: string, share: number) =>
    compareCosts({
      name: `drain, check-in at 5/s while ${queued} events go up, ${name}`,
      unit: 'ms',
      ours: percentile(draining, share),
      other: percentile(idle, share),
      otherName: `the same at the same station with nothing to send (${idle.length} check-ins against ${draining.length})`,
      goal: 1 / goals.slowdown,
      runs: all.length,
    })
  return [
    compareRates({
      name: 'drain, rate with check-ins beside it',
      unit: 'events/s',
      ours: median(all.map(({ drainMs }) => (queued * 1000) / drainMs)),
      other: queued / goals.emptyWithinS,
      otherName: 'a month within five minutes, the goal itself',
      goal: 1,
      runs: all.length,
    }),
    at('p50', 0.5),
    at('p99', 0.99),
  ]
}
