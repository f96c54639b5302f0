import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDefinedError, safe } from '@orpc/client'
import type { BookingRow } from '@yizhan/contracts/appointment'
import { startTcpSimPrinter } from '@yizhan/device-drivers/sim/sim-printer'
import { bookingChange, fixtureBooking, fixtureStructure } from '@yizhan/station-server/fixture/demo-rows'
import { checkInTyped } from '@yizhan/station-server/fixture/station-fixture'
import { openFixtureDb, prepareStationFolder } from '@yizhan/station-server/fixture/station-folder'
import type { DiskFullDrillPlan } from './disk-full-drill.ts'
import type { DrillResult } from './drill-verdict.ts'
import { keepDiskFull } from './full-disk.ts'
import { auditCheckIns } from './kill-audit.ts'
import { type Acknowledged, startPatients } from './patients.ts'
import { untilPrinted } from './print-queue.ts'
import { seededRandom } from './seeded-random.ts'
import { type StationProcess, startStationProcess } from './station-process.ts'

/** What the hospital was promised: a person made room, and the machine goes on by itself. */
const resumesWithinMs = 15_000
/** The disk is looked at every five seconds. */
const noticesWithinMs = 15_000
const bookingsPerRound = 40
/** A check-in or two a second: the disk fills in the middle of some. */
const longestPauseMs = 1000
const longestBeforeFullMs = 1500
/** Over some of it the station looks at its disk, gives its ballast up, and is full again. */
const longestFullMs = 8000
const lookEveryMs = 50

/** Fills the disk of a station again and again while patients check in, and makes room again. */
export async function runOnSmallDisk(disk: string, { kills, seed, say }: DiskFullDrillPlan): Promise<DrillResult> {
  const folder = join(disk, 'station')
  mkdirSync(folder)
  const bookings = Array.from({ length: kills * bookingsPerRound }, (_, at) => fixtureBooking(Date.now(), at))
  const strangers = Array.from({ length: kills }, (_, at) => fixtureBooking(Date.now(), bookings.length + at))
  const changes = [...bookings, ...strangers].map(bookingChange)
  await prepareStationFolder(folder, [...fixtureStructure(), ...changes], 999)
  const printer = await startTcpSimPrinter({ port: 0, speedMmPerS: 2000, paperMm: 10_000_000, now: Date.now })
  const station = await startStationProcess(folder, printer.port)
  const [moment, pace, whim] = [seededRandom(seed), seededRandom(seed + 1), seededRandom(seed + 2)]
  const patients = startPatients(bookings, {
    screens: 2,
    client: () => station.client,
    pauseMs: () => pace() * longestPauseMs,
    random: whim,
  })
  const findings: string[] = []
  const strangersTold: Acknowledged[] = []
  let [refused, slowestNoticeMs, slowestResumeMs] = [0, 0, 0]
  try {
    for (const [round, stranger] of strangers.entries()) {
      await sleep(moment() * longestBeforeFullMs)
      const { noticedMs, resumedMs, wasRefused, told, wrong } = await fillOnce(station, join(disk, 'filler'), {
        stranger,
        fullMs: moment() * longestFullMs,
      })
      findings.push(...wrong.map((what) => `round ${round + 1}: ${what}`))
      strangersTold.push(...told)
      refused += wasRefused ? 1 : 0
      slowestNoticeMs = Math.max(slowestNoticeMs, noticedMs)
      slowestResumeMs = Math.max(slowestResumeMs, resumedMs)
      say(`${round + 1} times full, ${patients.acknowledged().length} acknowledged`)
    }
    await patients.stop()
    await untilPrinted(folder)
    await station.stop()
  } finally {
    await station.kill()
  }
  const db = openFixtureDb(folder)
  const acknowledged = [...patients.acknowledged(), ...strangersTold]
  const found = auditCheckIns(db.sql, acknowledged, printer.journal())
  await db.close()
  await printer.stop()
  const [lost, duplicated, torn] = [found.lost.length, found.duplicated.length, found.torn.length]
  const figures = {
    refused,
    slowestNoticeMs: Math.round(slowestNoticeMs),
    slowestResumeMs: Math.round(slowestResumeMs),
  }
  const counted = { operations: acknowledged.length, faults: kills, lost, duplicated, torn }
  const all = [...findings, ...Object.values(found).flat()]
  return { verdict: { name: 'disk-full', seed, ...counted, ok: all.length === 0, figures }, findings: all }
}

/** Fills the disk to its last byte, looks at what the station does about it, and makes room. */
async function fillOnce(
  station: StationProcess,
  filler: string,
  { stranger, fullMs }: { stranger: BookingRow; fullMs: number },
) {
  const wrong: string[] = []
  const filling = keepDiskFull(filler)
  const noticedMs = await until(noticesWithinMs, async () => (await outOfService(station)) === 'storage-full')
  if (noticedMs === null) wrong.push('the station did not say that its disk is full')
  await sleep(fullMs)
  // A log that was longer before is written over in place: what finds room there is durable, and may be acknowledged.
  const whileFull = await checkInStranger(station, stranger)
  if (whileFull.refusal !== null && whileFull.refusal !== 'storage-full')
    wrong.push(`a check-in on a full disk was answered with ${whileFull.refusal}`)
  await filling.stop()
  const resumedMs = await until(resumesWithinMs, async () => (await outOfService(station)) === null)
  if (resumedMs === null) wrong.push('the station did not go on by itself after room was made')
  const after = await checkInStranger(station, stranger)
  if (after.told === null) wrong.push(`a check-in after room was made was answered with ${after.refusal}`)
  return {
    noticedMs: noticedMs ?? noticesWithinMs,
    resumedMs: resumedMs ?? resumesWithinMs,
    wasRefused: whileFull.refusal !== null,
    told: [whileFull.told, after.told].filter((told) => told !== null),
    wrong,
  }
}

async function outOfService({ client }: StationProcess): Promise<string | null> {
  return (await client.station.view()).outOfService
}

/** What somebody is told who checks in now: a number, or the code of a refusal. */
async function checkInStranger(
  { client }: StationProcess,
  row: BookingRow,
): Promise<{ told: Acknowledged | null; refusal: string | null }> {
  const { error, data } = await safe(checkInTyped(client, row))
  if (error === null) {
    return { told: { bookingId: row.bookingId, queueNumber: data.ticket.queueNumber }, refusal: null }
  }
  return { told: null, refusal: isDefinedError(error) ? String((error as { code: unknown }).code) : String(error) }
}

/** How long it took until `holds`; null when it did not within the time. */
async function until(limitMs: number, holds: () => Promise<boolean>): Promise<number | null> {
  const startedAt = performance.now()
  while (performance.now() - startedAt < limitMs) {
    if (await holds()) return performance.now() - startedAt
    await sleep(lookEveryMs)
  }
  return null
}
