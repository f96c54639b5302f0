import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startManagedPostgres } from '@yizhan/crm-server/postgres/managed-postgres'
import { openKeyRing } from '@yizhan/crm-server/tenant/key-ring'
import { startTcpSimPrinter } from '@yizhan/device-drivers/sim/sim-printer'
import { openFixtureDb } from '@yizhan/station-server/fixture/station-folder'
import { loadOrMakeIdentity, publicIdentity } from '@yizhan/station-server/identity/station-identity'
import type { Sql } from '@yizhan/station-server/storage/sql'
import { measureOutbox } from '@yizhan/station-server/sync/outbox'
import pg from 'pg'
import { readTrace, recorderCommand, type TraceEvent } from '../fault/syscall-trace.ts'
import { centreProcess, freePort } from './centre-process.ts'
import { drilledTenant, enrolDrilled, makeBookings, openDrilledHospital } from './drilled-hospital.ts'
import { type PatientBooking, startPatients } from './patients.ts'
import { type CutOutcome, type CutPlace, layOut, type RecordedLife, untilRecorded } from './recorded-life.ts'
import { startStationProcess } from './station-process.ts'

const patients = 60
const servedWithinMs = 120_000

/** Records the database of a centre while a station checks patients in and uploads; the centre is then killed. */
export async function recordCentre(root: string): Promise<RecordedLife> {
  const [folder, stationFolder, traceFile] = [join(root, 'centre'), join(root, 'hall'), join(root, 'centre-trace')]
  for (const made of [folder, stationFolder]) mkdirSync(made)
  // Run by root, the database's own user has to walk in.
  chmodSync(root, 0o755)
  const port = await freePort()
  const bookings = await furnishCentre(folder, port, stationFolder)
  const [cluster, before] = [join(folder, 'postgres/cluster'), join(root, 'centre-before')]
  execFileSync('cp', ['-a', cluster, before])
  const centre = centreProcess(folder, port, recorderCommand(traceFile))
  await centre.start()
  try {
    await uploadCheckIns(stationFolder, port, bookings)
  } finally {
    await centre.kill()
    await centre.stop()
  }
  await untilRecorded(traceFile)
  const events = readTrace(traceFile, cluster)
  const place = { folder: cluster, before, cutFolder: join(root, 'cut-centre/postgres/cluster') }
  mkdirSync(join(root, 'cut-centre/postgres'), { recursive: true })
  return {
    events,
    said: highestSaid(events),
    cut: (at, random) => cutCentre(events.slice(0, at), place, { root, random }),
  }
}

/** A first life of the centre, which is not recorded: it makes the database, the hospital, its station and its bookings. */
async function furnishCentre(folder: string, port: number, stationFolder: string): Promise<PatientBooking[]> {
  const centre = centreProcess(folder, port)
  await centre.start()
  try {
    const { db, close } = centre.openDatabase()
    await openDrilledHospital(db)
    await enrolDrilled(db, 'K', publicIdentity(loadOrMakeIdentity(stationFolder, Date.now)))
    const bookings = await makeBookings({ db, keys: await openKeyRing(join(folder, 'keys')) }, patients, 1)
    await close()
    return bookings
  } finally {
    await centre.stop()
  }
}

async function uploadCheckIns(folder: string, port: number, bookings: readonly PatientBooking[]): Promise<void> {
  const printer = await startTcpSimPrinter({ port: 0, speedMmPerS: 5000, paperMm: 10_000_000, now: Date.now })
  const settings = { STATION_CENTRE_URL: `http://127.0.0.1:${port}`, STATION_TENANT_ID: drilledTenant }
  const station = await startStationProcess(folder, printer.port, 'epson-80', settings)
  try {
    await until(async () => (await station.client.station.view()).outOfService === null)
    await until(async () => (await lookInto(folder, countBookings)) === bookings.length)
    const deps = { screens: 2, client: () => station.client, pauseMs: () => 20, random: () => 1 }
    await startPatients(bookings, deps).served
    await until(async () => (await lookInto(folder, (sql) => measureOutbox(sql).depth)) === 0)
  } finally {
    await station.kill()
    await printer.stop()
  }
}

async function lookInto(folder: string, look: (sql: Sql) => number): Promise<number> {
  const db = openFixtureDb(folder)
  try {
    return look(db.sql)
  } finally {
    await db.close()
  }
}

function countBookings(sql: Sql): number {
  return sql.prepare<[], { n: number }>('SELECT count(*) AS n FROM booking').get()?.n ?? 0
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const startedAt = performance.now()
  while (!(await holds())) {
    if (performance.now() - startedAt > servedWithinMs) throw new Error('the station and its centre did not get on')
    await sleep(100)
  }
}

async function cutCentre(
  events: readonly TraceEvent[],
  place: CutPlace,
  { root, random }: { root: string; random: (() => number) | null },
): Promise<CutOutcome> {
  layOut(events, place, random)
  execFileSync('chown', ['-R', `--reference=${place.before}`, place.cutFolder])
  const managed = await startManagedPostgres({ dataDir: join(root, 'cut-centre'), onEvent: () => undefined })
  const client = new pg.Client({ connectionString: managed.superuserUrl.replace(/postgres$/, 'yizhan') })
  try {
    await client.connect()
    const { rows } = await client.query<{ n: number }>("select count(*)::int as n from inbox where lane = 'ops'")
    const [kept, said] = [rows[0]?.n ?? 0, highestSaid(events)]
    const lost = kept < said ? [`events up to ${said} were acknowledged, ${kept} are there`] : []
    return { lost, rebuilt: false }
  } finally {
    await client.end()
    await managed.stop()
  }
}

/** The highest place in the station's outbox that the centre has acknowledged; there is one station and one epoch. */
function highestSaid(events: readonly TraceEvent[]): number {
  const texts = events.flatMap((event) => (event.kind === 'said' ? [event.bytes.toString('latin1')] : []))
  const places = texts.flatMap((text) => [...text.matchAll(/"ackedSeq":(\d+)/g)].map(([, place]) => Number(place)))
  return places.reduce((highest, place) => Math.max(highest, place), 0)
}
