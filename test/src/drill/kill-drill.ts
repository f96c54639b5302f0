import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startTcpSimPrinter } from '@yizhan/device-drivers/sim/sim-printer'
import { bookingChange, fixtureBooking, fixtureStructure } from '@yizhan/station-server/fixture/demo-rows'
import { openFixtureDb, prepareStationFolder } from '@yizhan/station-server/fixture/station-folder'
import type { DrillResult } from './drill-verdict.ts'
import { auditCheckIns } from './kill-audit.ts'
import { startPatients } from './patients.ts'
import { untilPrinted } from './print-queue.ts'
import { seededRandom } from './seeded-random.ts'
import { startStationProcess } from './station-process.ts'

/** How a kill drill goes. */
export interface KillDrillPlan {
  kills: number
  seed: number
  /** Told of the progress, in words. */
  say: (line: string) => void
}

/** So fast that slips come out while the next are asked for, so slow that a kill finds one under the head: 50 ms each. */
const printerMmPerS = 2000
const screens = 4
/** Fewer than one station leases, so that the drill also passes from leased numbers to the fallback series. */
const leasedNumbers = 300
/** A station prints from about 700 ms after its start on; kills fall before, in and after that. */
const longestLifeMs = 2200
/** Between two patients of one screen: about as many arrive as the printer can print between kills. */
const longestPauseMs = 900

/** Kills a station again and again while patients check in, then holds acknowledgements, database and paper together. */
export async function runKillDrill({ kills, seed, say }: KillDrillPlan): Promise<DrillResult> {
  const folder = mkdtempSync(join(tmpdir(), 'yz-kill-drill-'))
  const bookings = Array.from({ length: 200 + kills * 30 }, (_, at) => fixtureBooking(Date.now(), at))
  await prepareStationFolder(folder, [...fixtureStructure(), ...bookings.map(bookingChange)], leasedNumbers)
  const printer = await startTcpSimPrinter({ port: 0, speedMmPerS: printerMmPerS, paperMm: 10_000_000, now: Date.now })
  const [killAt, pace, whim] = [seededRandom(seed), seededRandom(seed + 1), seededRandom(seed + 2)]
  let station = await startStationProcess(folder, printer.port)
  const patients = startPatients(bookings, {
    screens,
    client: () => station.client,
    pauseMs: () => pace() * longestPauseMs,
    random: whim,
  })
  try {
    for (let kill = 1; kill <= kills; kill++) {
      await sleep(killAt() * longestLifeMs)
      await station.kill()
      station = await startStationProcess(folder, printer.port)
      if (kill % 10 === 0)
        say(`${kill} kills, ${patients.acknowledged().length} acknowledged, ${printer.journal().length} slips`)
    }
    await patients.stop()
    await untilPrinted(folder)
    await station.stop()
  } finally {
    await station.kill()
  }
  const db = openFixtureDb(folder)
  const found = auditCheckIns(db.sql, patients.acknowledged(), printer.journal())
  await db.close()
  await printer.stop()
  const [lost, duplicated, torn] = [found.lost.length, found.duplicated.length, found.torn.length]
  const ok = lost + duplicated + torn === 0
  // What went wrong is looked for in the folder; it holds invented patients only.
  if (ok) rmSync(folder, { recursive: true, force: true })
  else say(`kept for a look: ${folder}`)
  const operations = patients.acknowledged().length
  return {
    verdict: { name: 'kill', seed, operations, faults: kills, lost, duplicated, torn, ok },
    findings: Object.values(found).flat(),
  }
}
