import { cpSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { copyFolderOutbox } from '@yizhan/station-server/fixture/damaged-folder'
import { openFixtureDb } from '@yizhan/station-server/fixture/station-folder'
import { keepDiskFull } from './full-disk.ts'
import type { CentreStrike, Course, LinkStrike, StationStrike, StormPlan } from './proxy-fault.ts'
import type { HallStation, ProxyHall } from './proxy-hall.ts'

/** What happened, counted by kind and told in order. */
export interface StormLog {
  /** Says that something happens, at a place. */
  note(kind: string, where: string): void
}

interface StormDeps {
  log: StormLog
  random: () => number
}

/** A slip is under the head for a tenth of a second. */
const printedWithinMs = 5000

/** Lets everything go wrong that was planned; resolves when the last fault is over. Afterwards everybody is up, and every link good. */
export async function raiseStorm(hall: ProxyHall, plan: StormPlan, deps: StormDeps): Promise<void> {
  await Promise.all([
    ...hall.stations.map((station, at) =>
      takeCourse(plan.links[at] ?? [], (strike) => strikeLink(station, strike, deps)),
    ),
    ...hall.stations.map((station, at) =>
      takeCourse(plan.stations[at] ?? [], (strike) => strikeStation(station, strike, deps)),
    ),
    takeCourse(plan.centre, (strike) => strikeCentre(hall, strike, deps)),
  ])
}

async function takeCourse<Strike>(course: Course<Strike>, hit: (strike: Strike) => Promise<void>): Promise<void> {
  for (const { afterMs, strike } of course) {
    await sleep(afterMs)
    await hit(strike)
  }
}

async function strikeLink({ letter, proxy }: HallStation, strike: LinkStrike, { log }: StormDeps): Promise<void> {
  log.note(strike.kind, letter)
  if (strike.kind === 'link-drop') {
    proxy.dropConnections()
    return
  }
  proxy.setFault(strike.fault)
  await sleep(strike.forMs)
  proxy.setFault(null)
}

async function strikeStation(station: HallStation, { kind, forMs }: StationStrike, deps: StormDeps): Promise<void> {
  switch (kind) {
    case 'station-killed':
      deps.log.note(kind, station.letter)
      await station.process.kill()
      return await station.start()
    case 'station-stopped':
      deps.log.note(kind, station.letter)
      return await stopFor(station.process.pid, forMs)
    case 'station-disk-full':
      deps.log.note(kind, station.letter)
      return await fillFor(station.disk, forMs)
    case 'station-bit-turned':
      return await turnBitOf(station, deps)
  }
}

async function strikeCentre(
  { centre, centreDisk }: ProxyHall,
  { kind, forMs }: CentreStrike,
  { log }: StormDeps,
): Promise<void> {
  log.note(kind, 'centre')
  switch (kind) {
    case 'centre-killed':
      await centre.kill()
      return await centre.start()
    case 'centre-stopped':
      return await stopFor(centre.pid(), forMs)
    case 'database-killed': {
      const pid = centre.databasePid()
      if (pid !== null) process.kill(pid, 'SIGKILL')
      return
    }
    case 'centre-disk-full':
      return await fillFor(centreDisk, forMs)
  }
}

async function stopFor(pid: number | null, forMs: number): Promise<void> {
  if (pid === null) return
  process.kill(pid, 'SIGSTOP')
  await sleep(forMs)
  process.kill(pid, 'SIGCONT')
}

async function fillFor(disk: string, forMs: number): Promise<void> {
  const filling = keepDiskFull(join(disk, 'filler'))
  await sleep(forMs)
  await filling.stop()
}

/**
 * Turns a bit of a station's database or of its log: its screen is closed for a moment, its slips come out, the plug is pulled, and the
 * hourly second copy of the outbox happens to be fresh. A slip whose only record is on a damaged page nobody could find again; while
 * one is under way the bit is left alone, and it stays a kill.
 */
async function turnBitOf(station: HallStation, { log, random }: StormDeps): Promise<void> {
  const [where, bit] = [random(), random()]
  station.closed = true
  const startedAt = performance.now()
  while ((await openSlips(station.folder)) > 0 && performance.now() - startedAt < printedWithinMs) await sleep(50)
  await station.process.kill()
  const look = mkdtempSync(join(tmpdir(), 'yz-before-bit-'))
  try {
    cpSync(station.folder, look, { recursive: true, filter: (path) => !path.endsWith('ballast') })
    if ((await openSlips(look)) === 0) {
      await copyFolderOutbox(look)
      rmSync(join(station.folder, 'copy'), { recursive: true, force: true })
      cpSync(join(look, 'copy'), join(station.folder, 'copy'), { recursive: true })
      turnBit(station.folder, where, bit)
      log.note('station-bit-turned', station.letter)
    } else log.note('station-killed', station.letter)
  } finally {
    rmSync(look, { recursive: true, force: true })
  }
  await station.start()
  station.closed = false
}

async function openSlips(folder: string): Promise<number> {
  const db = openFixtureDb(folder)
  try {
    const row = db.sql
      .prepare<[], { n: number }>("SELECT count(*) AS n FROM print_job WHERE state IN ('queued', 'sending')")
      .get()
    return row?.n ?? 0
  } finally {
    await db.close()
  }
}

function turnBit(folder: string, where: number, bit: number): void {
  const files = ['station.db', 'station.db-wal'].map((name) => join(folder, name)).filter((path) => existsSync(path))
  const sizes = files.map((path) => statSync(path).size)
  let at = Math.floor(where * sizes.reduce((sum, size) => sum + size, 0))
  const file = sizes.findIndex((size) => {
    if (at < size) return true
    at -= size
    return false
  })
  const path = files[file] ?? ''
  const bytes = readFileSync(path)
  bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(bit * 8))
  // Written aside and moved: the copy that a reader has open stays what it was.
  writeFileSync(`${path}.turned`, bytes)
  renameSync(`${path}.turned`, path)
}
