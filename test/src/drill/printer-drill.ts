import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ProfileName } from '@yizhan/device-drivers/printing/printer-profile'
import { type SimPrinter, startTcpSimPrinter } from '@yizhan/device-drivers/sim/sim-printer'
import { bookingChange, fixtureBooking, fixtureStructure } from '@yizhan/station-server/fixture/demo-rows'
import { openFixtureDb, prepareStationFolder } from '@yizhan/station-server/fixture/station-folder'
import { answerHeldSlips } from './asked-patients.ts'
import type { DrillResult, DrillVerdict } from './drill-verdict.ts'
import { auditCheckIns } from './kill-audit.ts'
import { type Acknowledged, type Patients, startPatients } from './patients.ts'
import { untilPrinted } from './print-queue.ts'
import { auditUnprovenPrints } from './printer-audit.ts'
import { planFaults, strike } from './printer-fault.ts'
import { seededRandom } from './seeded-random.ts'
import { readPaper } from './slip-paper.ts'
import { type StationProcess, startStationProcess } from './station-process.ts'

/** How a printer drill goes. */
export interface PrinterDrillPlan {
  /** Faults at each kind of printer. */
  kills: number
  seed: number
  /** Told of the progress, in words. */
  say: (line: string) => void
}

/** Faster than any ticket printer, so that a drill takes minutes: a slip of some 130 mm is under the head for a fifth of a second. */
const printerMmPerS = 700
/** Tickets between two faults, in turn: 500 tickets over 200 faults. */
const ticketsPerFault = [2, 3]
/** A printer that was hit twice in a row may need two seconds to be found again; a fault then finds it idle. */
const longestLookOutMs = 2500
/** A slip that waits for five minutes is given up, as it should be; the faults must not outrun the printer by that much. */
const mostWaiting = 8
/** About the time of one slip: a fault falls anywhere in it, or just after it. */
const faultSpreadMs = 240
/**
 * Of a slip to a printer that proves nothing, the moment that counts is the one between the ledger's step and the last byte
 * handed over: it lies within so long after the patient's first touch.
 */
const unprovenSpreadMs = 40

/**
 * Kills the station and its printer's driver, and cuts the printer's power, while tickets print; once with a printer that
 * proves what it printed (level A), once with one that proves nothing (level C). From the proving one every ticket must come
 * out once; from the other one nothing may be sent again by itself.
 */
export async function runPrinterDrill({ kills, seed, say }: PrinterDrillPlan): Promise<DrillResult> {
  const unproven = await drillPrinter({ kills, seed: seed + 100, say, profile: 'silent-80' })
  const proven = await drillPrinter({ kills, seed, say, profile: 'epson-80' })
  const parts = [unproven, proven]
  const sum = (of: (verdict: DrillVerdict) => number) => parts.reduce((total, { verdict }) => total + of(verdict), 0)
  return {
    parts: parts.map(({ verdict }) => verdict),
    verdict: {
      name: 'printer',
      seed,
      operations: sum(({ operations }) => operations),
      faults: sum(({ faults }) => faults),
      lost: sum(({ lost }) => lost),
      duplicated: sum(({ duplicated }) => duplicated),
      torn: sum(({ torn }) => torn),
      ok: parts.every(({ verdict }) => verdict.ok),
    },
    findings: parts.flatMap(({ findings }) => findings),
  }
}

interface Hall {
  folder: string
  profile: ProfileName
  printer: SimPrinter & { port: number }
  station: StationProcess
}

async function drillPrinter(plan: PrinterDrillPlan & { profile: ProfileName }): Promise<DrillResult> {
  const { kills, seed, say, profile } = plan
  const folder = mkdtempSync(join(tmpdir(), 'yz-printer-drill-'))
  const rounds = planRounds(kills)
  const bookings = rounds.flat()
  await prepareStationFolder(folder, [...fixtureStructure(), ...bookings.map(bookingChange)], bookings.length)
  const printer = await startTcpSimPrinter({ port: 0, speedMmPerS: printerMmPerS, paperMm: 10_000_000, now: Date.now })
  const hall: Hall = { folder, profile, printer, station: await startStationProcess(folder, printer.port, profile) }
  let acknowledged: Acknowledged[]
  try {
    acknowledged = await runRounds(hall, rounds, { seed, say })
    await untilPrinted(folder)
    if (!proves(hall)) {
      const asked = await answerHeldSlips(hall.station.client, folder, bookings, printer.journal())
      say(`${profile}: ${asked} slips were held, and their patients asked`)
      await untilPrintedOut(hall)
    }
    await hall.station.stop()
  } finally {
    await hall.station.kill()
  }
  const result = await judge(hall, acknowledged, { kills, seed, say })
  await printer.stop()
  // What went wrong is looked for in the folder; it holds invented patients only.
  if (result.verdict.ok) rmSync(folder, { recursive: true, force: true })
  else say(`kept for a look: ${folder}`)
  return result
}

/** The patients who come before each fault. */
function planRounds(faults: number) {
  const now = Date.now()
  let serial = 0
  return Array.from({ length: faults }, (_, round) =>
    Array.from({ length: ticketsPerFault[round % ticketsPerFault.length] ?? 1 }, () => fixtureBooking(now, serial++)),
  )
}

async function runRounds(
  hall: Hall,
  rounds: ReturnType<typeof planRounds>,
  { seed, say }: Pick<PrinterDrillPlan, 'seed' | 'say'>,
): Promise<Acknowledged[]> {
  const [random, moment, whim] = [seededRandom(seed), seededRandom(seed + 1), seededRandom(seed + 2)]
  const faults = planFaults(rounds.length, random)
  const restart = async () => {
    hall.station = await startStationProcess(hall.folder, hall.printer.port, hall.profile)
  }
  const crowd: Patients[] = []
  for (const [round, fault] of faults.entries()) {
    if (proves(hall)) await untilPrinted(hall.folder, mostWaiting)
    const rows = rounds[round] ?? []
    const deps = { screens: rows.length, client: () => hall.station.client, pauseMs: () => 0, random: whim }
    const patients = startPatients(rows, deps)
    crowd.push(patients)
    if (proves(hall)) await untilPrinting(hall.printer)
    await sleep(moment() * (proves(hall) ? faultSpreadMs : unprovenSpreadMs))
    await strike(fault, { station: hall.station, printer: hall.printer, restart, random })
    if (!proves(hall)) {
      await patients.stop()
      await untilPrintedOut(hall)
    }
    if ((round + 1) % 20 === 0) say(`${hall.profile}: ${round + 1} faults, ${hall.printer.journal().length} slips`)
  }
  for (const patients of crowd) await patients.stop()
  return crowd.flatMap((patients) => patients.acknowledged())
}

/** Whether this printer can prove what it printed. */
function proves({ profile }: Pick<Hall, 'profile'>): boolean {
  return profile === 'epson-80'
}

async function untilPrinting(printer: SimPrinter): Promise<void> {
  const startedAt = performance.now()
  while (!printer.view().printing && performance.now() - startedAt < longestLookOutMs) await sleep(2)
}

/** What a printer that proves nothing was given, it prints in peace: or every slip would be lost to the next power cut. */
async function untilPrintedOut({ folder, printer }: Hall): Promise<void> {
  await untilPrinted(folder)
  const startedAt = performance.now()
  while (printer.view().printing && performance.now() - startedAt < longestLookOutMs) await sleep(10)
}

async function judge(
  { folder, profile, printer }: Hall,
  acknowledged: readonly Acknowledged[],
  { kills, seed, say }: PrinterDrillPlan,
): Promise<DrillResult> {
  const db = openFixtureDb(folder)
  const paper = printer.journal()
  const found = proves({ profile })
    ? auditCheckIns(db.sql, acknowledged, paper)
    : auditUnprovenPrints(db.sql, acknowledged, paper)
  await db.close()
  const [lost, duplicated, torn] = [found.lost.length, found.duplicated.length, found.torn.length]
  const count = (kind: string) => paper.map(readPaper).filter((slip) => slip.kind === kind).length
  say(
    `${profile}: ${count('ticket')} tickets, ${count('reprint')} marked copies, ${count('void')} void, ${count('torn')} torn`,
  )
  const name = proves({ profile }) ? 'printer, level A' : 'printer, level C'
  const operations = new Set(acknowledged.map(({ bookingId }) => bookingId)).size
  const ok = lost + duplicated + torn === 0
  return {
    verdict: { name, seed, operations, faults: kills, lost, duplicated, torn, ok },
    findings: Object.values(found).flat(),
  }
}
