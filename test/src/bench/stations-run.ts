import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { stationLink } from '@yizhan/crm-server/fleet/station-usability'
import { type BoardWatcher, signInToBoard } from './board-watcher.ts'
import { type FleetReports, openFleetReports } from './fleet-reports.ts'
import { type RestartingCentre, startRestartingCentre } from './stations-centre.ts'
import { type EnrolledStation, enrolFleet, isWatched } from './stations-fleet.ts'
import { startTrialChild, type TrialChild } from './trial-child.ts'

/** How large a fleet is simulated, and for how long each phase is looked at. */
export interface FleetSize {
  stations: number
  /** Those whose process is killed; the fictional hospital's are among them. 0: nobody is. */
  killed: number
  eventsEach: number
  idleMs: number
  /** How long the centre is away each time, beside its own start. */
  outageMs: number
}

/** What became of the fleet; times in milliseconds. */
export interface FleetFigures {
  /** Memory that the centre holds for each connected station, garbage collected, and by its resident size. */
  bytesEach: { used: number; resident: number }
  /** From the kill until the centre said "offline", station by station. */
  offlineSeen: number[]
  /** From the centre's answering again until each station had reported, in the first restart and in the storm. */
  allBack: number[]
  drainMs: number
  board: { idle: number[]; storm: number[] }
  /** Events of the storm that were never sent, and those that the centre has. */
  unsent: number
  stored: number
}

const trialFile = fileURLToPath(new URL('./stations-trial-main.ts', import.meta.url))
const warmUpMs = 3_000
/** What the stations of the storm queue. */
const slipEvent = 'ticket-print-settled'

/** Starts a centre and a fleet, kills and restarts, and ends everything. */
export async function runFleet(size: FleetSize): Promise<FleetFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'yz-stations-'))
  const centre = await startRestartingCentre(folder)
  const children: TrialChild[] = []
  try {
    await centre.start()
    const fleet = await enrolFleet(centre.database.appUrl, folder, size.stations)
    const watcher = await signInToBoard(centre.url, centre.administrator())
    const reports = await openFleetReports(centre.database.superuserUrl)
    try {
      return await runPhases({ size, centre, fleet, watcher, reports, children })
    } finally {
      await reports.close()
    }
  } finally {
    await Promise.all(children.map((child) => child.stop()))
    await centre.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Phases {
  size: FleetSize
  centre: RestartingCentre
  fleet: EnrolledStation[]
  watcher: BoardWatcher
  reports: FleetReports
  children: TrialChild[]
}

async function runPhases(phases: Phases): Promise<FleetFigures> {
  const { size, centre, fleet, watcher, reports, children } = phases
  // What the first answers leave behind for good, compiled code above all, is not the stations'.
  await watcher.watch(sleep(warmUpMs))
  const before = await centre.memory()
  const [dying, ...others] = shared(fleet, size.killed)
  const living = others.flat()
  const starting = [...others, ...(size.killed > 0 ? [dying ?? []] : [])]
  const started = await Promise.all(starting.map((part) => startStations(part, centre.url)))
  children.push(...started.slice(0, others.length))
  const doomed = started[others.length] ?? null
  await reports.untilHeardSince(
    fleet.slice(doomed === null ? size.killed : 0).map(({ stationId }) => stationId),
    1,
  )
  const idle = await watcher.watch(sleep(size.idleMs))
  const after = await centre.memory()
  const offlineSeen = doomed === null ? [] : await killAndSee(phases, doomed, dying ?? [])
  const firstBack = await restart(phases, living)
  const storm = await stormOf(phases, living)
  const each = (bytes: number) => bytes / fleet.length
  return {
    bytesEach: {
      used: each(after.usedBytes - before.usedBytes),
      resident: each(after.residentBytes - before.residentBytes),
    },
    offlineSeen,
    allBack: [firstBack, storm.backMs],
    drainMs: storm.drainMs,
    board: { idle, storm: storm.board },
    unsent: storm.unsent,
    stored: await reports.countEvents(slipEvent),
  }
}

/** The stations to be killed first, and two equal parts of the rest: a process each. */
function shared(fleet: EnrolledStation[], killed: number): EnrolledStation[][] {
  const half = killed + Math.ceil((fleet.length - killed) / 2)
  return [fleet.slice(0, killed), fleet.slice(killed, half), fleet.slice(half)]
}

async function startStations(stations: EnrolledStation[], centreUrl: string): Promise<TrialChild> {
  const child = await startTrialChild(trialFile, [])
  // A lobby is switched on by hand, one machine after the other.
  await child.ask({ do: 'start', stations, centreUrl, spreadMs: stations.length * 10 })
  return child
}

/** Kills a process of stations; answers how long it took for each until the centre said so: on the page, or by its rows. */
async function killAndSee({ watcher, reports }: Phases, doomed: TrialChild, stations: EnrolledStation[]) {
  const killedAt = Date.now()
  process.kill(doomed.pid, 'SIGKILL')
  const seen = new Map<string, number>()
  while (seen.size < stations.length) {
    const { stations: onPage } = await watcher.client.fleet.list()
    const offline = new Set(onPage.filter(({ link }) => link === 'offline').map(({ stationId }) => stationId))
    const heard = await reports.read()
    for (const station of stations) {
      const { stationId } = station
      const never = { revokedAt: null, quarantinedAt: null }
      const lastReportAt = heard.get(stationId) ?? null
      const isSeen = isWatched(station)
        ? offline.has(stationId)
        : stationLink({ ...never, lastReportAt }, Date.now()) === 'offline'
      if (isSeen && !seen.has(stationId)) seen.set(stationId, Date.now() - killedAt)
    }
    await sleep(100)
  }
  return [...seen.values()]
}

async function restart({ size, centre, reports }: Phases, living: EnrolledStation[]): Promise<number> {
  await centre.kill()
  await sleep(size.outageMs)
  await centre.start()
  const answersAt = Date.now()
  await reports.untilHeardSince(
    living.map(({ stationId }) => stationId),
    answersAt,
  )
  return Date.now() - answersAt
}

async function stormOf(phases: Phases, living: EnrolledStation[]) {
  const { centre, reports, children, watcher, size } = phases
  await centre.kill()
  await Promise.all(children.map((child) => child.ask({ do: 'queue', events: size.eventsEach })))
  await sleep(size.outageMs)
  await centre.start()
  const answersAt = Date.now()
  const ids = living.map(({ stationId }) => stationId)
  const back = reports.untilHeardSince(ids, answersAt).then(() => Date.now() - answersAt)
  const drained = untilDrained(children).then((unsent) => ({ unsent, drainMs: Date.now() - answersAt }))
  const board = await watcher.watch(Promise.all([back, drained]))
  return { board, backMs: await back, ...(await drained) }
}

/** Longer than any goal, so that a miss is measured and not only told. */
const drainPatienceMs = 240_000

async function untilDrained(children: readonly TrialChild[]): Promise<number> {
  const begunAt = performance.now()
  for (;;) {
    const left = await Promise.all(children.map((child) => child.ask<{ unsent: number }>({ do: 'measure' })))
    const unsent = left.reduce((sum, part) => sum + part.unsent, 0)
    if (unsent === 0 || performance.now() - begunAt > drainPatienceMs) return unsent
    await sleep(100)
  }
}
