import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startTcpSimPrinter } from '@yizhan/device-drivers/sim/sim-printer'
import { copyFolderOutbox, openDamagedFolder } from '@yizhan/station-server/fixture/damaged-folder'
import { bookingChange, fixtureBooking, fixtureStructure } from '@yizhan/station-server/fixture/demo-rows'
import { openFixtureDb, prepareStationFolder } from '@yizhan/station-server/fixture/station-folder'
import type { DrillResult } from './drill-verdict.ts'
import { startPatients } from './patients.ts'
import { untilPrinted } from './print-queue.ts'
import { seededRandom } from './seeded-random.ts'
import { readStationFacts, type StationFacts } from './station-facts.ts'
import { startStationProcess } from './station-process.ts'

/** How a corrupt drill goes. */
export interface CorruptDrillPlan {
  /** How many times one bit is turned. */
  kills: number
  seed: number
  /** Told of the progress, in words. */
  say: (line: string) => void
}

const patientsBeforeCopy = 40
const patientsAfterCopy = 20
/** Most starts are tried within this process, for they take a tenth of the time; every so many is a station process. */
const processEvery = 30
/** What the hospital was promised. */
const rebuiltWithinMs = 60_000

/** What one turned bit led to. */
interface Damage {
  noticed: boolean
  lost: number
  /** Of the lost events those that the second copy had held. */
  lostThoughCopied: number
  doubled: number
  /** Damage that was not noticed, and changed something. */
  unnoticed: boolean
  tookMs: number
}

/**
 * Turns one bit anywhere in the database or its log of a station with unsent events, again and again, with and without the
 * second copy of the outbox, and starts the station on it: the damage must be noticed, and nothing that was copied may be lost.
 */
export async function runCorruptDrill({ kills, seed, say }: CorruptDrillPlan): Promise<DrillResult> {
  const root = mkdtempSync(join(tmpdir(), 'yz-corrupt-drill-'))
  const printer = await startTcpSimPrinter({ port: 0, speedMmPerS: 5000, paperMm: 10_000_000, now: Date.now })
  try {
    const hall = await makeHall(root, printer.port)
    const random = seededRandom(seed)
    const damages: { withCopy: boolean; damage: Damage }[] = []
    for (let n = 1; n <= kills; n += 1) {
      const withCopy = n % 2 === 0
      const folder = damagedCopy(hall.folder, { root, random, withCopy })
      const inProcess = n % processEvery !== 0
      damages.push({ withCopy, damage: await judge(hall, folder, inProcess ? null : printer.port) })
      rmSync(folder, { recursive: true, force: true })
      if (n % 50 === 0) say(`${n} bits turned, ${damages.filter(({ damage }) => damage.noticed).length} noticed`)
    }
    return verdictOf(damages, { seed, operations: hall.facts.unsent.length })
  } finally {
    await printer.stop()
    rmSync(root, { recursive: true, force: true })
  }
}

interface Hall {
  folder: string
  facts: StationFacts
  /** The events that the second copy holds. */
  copied: ReadonlySet<string>
}

/** The folder of a station whose plug was pulled, with events that nobody has sent, the older part of them copied. */
async function makeHall(root: string, printerPort: number): Promise<Hall> {
  const folder = join(root, 'whole')
  cpSync(mkdtempSync(join(root, 'empty-')), folder, { recursive: true })
  const count = patientsBeforeCopy + patientsAfterCopy
  const bookings = Array.from({ length: count }, (_, at) => fixtureBooking(Date.now(), at))
  await prepareStationFolder(folder, [...fixtureStructure(), ...bookings.map(bookingChange)], count)
  await checkInAll(folder, printerPort, bookings.slice(0, patientsBeforeCopy))
  await copyFolderOutbox(folder)
  const copied = new Set(await unsentOf(folder))
  await checkInAll(folder, printerPort, bookings.slice(patientsBeforeCopy))
  // Looked at in a copy: opening the folder itself would fold its log into the database.
  const look = join(root, 'look')
  cpSync(folder, look, { recursive: true })
  const db = openFixtureDb(look)
  const facts = readStationFacts(db.sql)
  await db.close()
  return { folder, facts, copied }
}

async function unsentOf(folder: string): Promise<readonly string[]> {
  const db = openFixtureDb(folder)
  const { unsent } = readStationFacts(db.sql)
  await db.close()
  return unsent
}

/** Checks patients in at a real station and pulls its plug once their slips are out. */
async function checkInAll(folder: string, printerPort: number, rows: readonly ReturnType<typeof fixtureBooking>[]) {
  const station = await startStationProcess(folder, printerPort)
  try {
    const patients = startPatients(rows, {
      screens: 2,
      client: () => station.client,
      pauseMs: () => 0,
      random: () => 1,
    })
    while (patients.acknowledged().length < rows.length) await new Promise((resolve) => setTimeout(resolve, 20))
    await patients.stop()
    await untilPrinted(folder)
  } finally {
    await station.kill()
  }
}

/** A copy of the folder in which one bit of the database or its log is turned. */
function damagedCopy(
  whole: string,
  { root, random, withCopy }: { root: string; random: () => number; withCopy: boolean },
): string {
  const folder = join(root, 'damaged')
  cpSync(whole, folder, { recursive: true })
  rmSync(join(folder, 'station.db-shm'), { force: true })
  if (!withCopy) rmSync(join(folder, 'copy'), { recursive: true })
  const files = ['station.db', 'station.db-wal'].map((name) => join(folder, name))
  const [dbBytes = 0, logBytes = 0] = files.map((path) => statSync(path).size)
  const at = Math.floor(random() * (dbBytes + logBytes))
  const path = files[at < dbBytes ? 0 : 1] ?? ''
  const bytes = readFileSync(path)
  const place = at < dbBytes ? at : at - dbBytes
  bytes[place] = (bytes[place] ?? 0) ^ (1 << Math.floor(random() * 8))
  writeFileSync(path, bytes)
  return folder
}

/** Starts the station on a damaged folder, in a process of its own where a printer is given, and holds what is there against what was. */
async function judge({ facts, copied }: Hall, folder: string, printerPort: number | null): Promise<Damage> {
  const startedAt = performance.now()
  if (printerPort !== null) {
    const station = await startStationProcess(folder, printerPort)
    await station.stop()
  }
  const { db, rebuilt } = openDamagedFolder(folder)
  const tookMs = performance.now() - startedAt
  const now = readStationFacts(db.sql)
  await db.close()
  const noticed = rebuilt !== null || now.epoch > facts.epoch
  const kept = new Set(now.unsent)
  const lost = facts.unsent.filter((eventId) => !kept.has(eventId))
  return {
    noticed,
    lost: lost.length,
    lostThoughCopied: lost.filter((eventId) => copied.has(eventId)).length,
    doubled: now.unsent.length - kept.size,
    unnoticed: !noticed && now.everything !== facts.everything,
    tookMs,
  }
}

function verdictOf(
  damages: readonly { withCopy: boolean; damage: Damage }[],
  { seed, operations }: { seed: number; operations: number },
): DrillResult {
  const all = damages.map(({ damage }) => damage)
  const sum = (of: (damage: Damage) => number, among: readonly Damage[]) => among.reduce((n, one) => n + of(one), 0)
  const withCopy = damages.filter((one) => one.withCopy).map(({ damage }) => damage)
  const bare = damages.filter((one) => !one.withCopy).map(({ damage }) => damage)
  const longestMs = Math.round(Math.max(...all.map(({ tookMs }) => tookMs)))
  const [lost, duplicated] = [sum((one) => one.lostThoughCopied, withCopy), sum((one) => one.doubled, all)]
  const torn = all.filter(({ unnoticed }) => unnoticed).length
  const findings = [
    ...(torn > 0 ? [`${torn} turned bits changed what the station knows, and it did not notice`] : []),
    ...(lost > 0 ? [`${lost} events were lost that the second copy held`] : []),
    ...(longestMs > rebuiltWithinMs ? [`a rebuild took ${longestMs} ms`] : []),
  ]
  const figures = {
    noticed: all.filter(({ noticed }) => noticed).length,
    harmless: all.filter(({ noticed, unnoticed }) => !noticed && !unnoticed).length,
    withCopy: withCopy.length,
    lostWithCopy: sum((one) => one.lost, withCopy),
    runsWithLossWithCopy: withCopy.filter((one) => one.lost > 0).length,
    withoutCopy: bare.length,
    lostWithoutCopy: sum((one) => one.lost, bare),
    runsWithLossWithoutCopy: bare.filter((one) => one.lost > 0).length,
    longestMs,
  }
  const ok = findings.length + duplicated === 0
  return {
    verdict: { name: 'corrupt', seed, operations, faults: all.length, lost, duplicated, torn, ok, figures },
    findings,
  }
}
