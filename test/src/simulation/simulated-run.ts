import { setImmediate as nextTurn } from 'node:timers/promises'
import { uuidV7 } from '@yizhan/rules/rule/uuid-v7'
import { emptyCentre } from './centre-model.ts'
import { reopenParked } from './centre-projector-model.ts'
import { seededChance } from './chance.ts'
import { findDrift, findEverything, findPassedGaps } from './invariants.ts'
import { drawAction } from './simulated-action.ts'
import { openDesk } from './simulated-desk.ts'
import { simulatedHospital } from './simulated-hospital.ts'
import { SimulatedNet } from './simulated-net.ts'
import { SimulatedStation, stationRounds } from './simulated-station.ts'
import { moveMessage, note, project, type RunOptions, type SimulatedRun, type World } from './simulated-world.ts'

/** Steps before the network heals: half an hour of a hall, with a dozen faults. */
const hostileSteps = 420
/** Between two steps; a slip lives for five minutes, and should meet more than one of them. */
const longestPauseMs = 8_000
/** Rounds of everybody's loops after that; what has not come to rest by then never will. */
const calmRounds = 9
/** A station compares what it keeps with the centre's checksums once an hour; drift takes a few rounds more to mend. */
const untilCheckedMs = 61 * 60_000
const checkedRounds = 5

/** Runs one seed: the same seed is the same run, step by step. */
export async function runSeed(seed: number, options: RunOptions = {}): Promise<SimulatedRun> {
  const world = makeWorld(seed, { bug: null, opened: [], ...options })
  try {
    if (world.chance.happens(0.9)) await goOnInPeace(world, 2)
    world.net.hostile = true
    for (let step = 0; step < hostileSteps; step += 1) {
      world.nowMs += world.chance.below(longestPauseMs)
      drawAction(world)
      await nextTurn()
      findPassedGaps(world)
    }
    await comeToRest(world)
    findEverything(world)
  } finally {
    for (const { disk } of world.stations) disk.close()
  }
  const { operations, faults, findings, trace } = world
  return { seed, operations, faults, findings, trace }
}

function makeWorld(seed: number, options: Required<RunOptions>): World {
  const chance = seededChance(seed)
  const startMs = Date.parse('2026-11-22T07:30:00+08:00') + chance.below(24) * 3_600_000
  const net = new SimulatedNet(chance)
  const drawId = () => uuidV7(world.nowMs, chance.bytes(10))
  const now = () => world.nowMs
  const { bug } = options
  const world: World = {
    chance,
    options,
    nowMs: startMs,
    net,
    stations: [],
    centre: emptyCentre(),
    centreDeps: { now, bug, pageRows: 2 + chance.below(8), witness: { granted: 0 }, drawId },
    desk: openDesk({ state: () => world.centre, chance, now, drawId }),
    deskWork: [],
    backups: [],
    images: [],
    mayDrift: false,
    told: [],
    promised: new Map(),
    destroyed: new Set(),
    operations: 0,
    faults: 0,
    findings: [],
    trace: [],
    drawId,
  }
  const onFault = (words: string) => world.findings.push({ kind: 'torn', words })
  for (const place of simulatedHospital.stations) {
    world.stations.push(new SimulatedStation({ ...place, chance, net, now, bug, onFault }))
  }
  for (let booking = 0; booking < 20; booking += 1) world.desk.book().end()
  world.backups.push(structuredClone(world.centre))
  // Not everybody is there when the day begins.
  for (const { stationId } of world.stations) if (chance.happens(0.4)) net.cut(stationId)
  return world
}

/** The faults end; everybody goes on until nothing moves any more. */
async function comeToRest(world: World): Promise<void> {
  note(world, 'the network heals, everybody is up')
  world.net.hostile = false
  for (const station of world.stations) {
    world.net.join(station.stationId)
    station.printer.hostile = false
    station.restart()
  }
  for (const station of world.stations) station.awaits = null
  for (const work of world.deskWork.splice(0)) work.end()
  reopenParked(world.centre, world.nowMs)
  await goOnInPeace(world, calmRounds)
  if (!world.mayDrift) for (const station of world.stations) findDrift(world, station)
  world.nowMs += untilCheckedMs
  await goOnInPeace(world, checkedRounds)
}

/** Everybody does everything, and nothing goes wrong. */
async function goOnInPeace(world: World, rounds: number): Promise<void> {
  world.net.hostile = false
  for (let round = 0; round < rounds; round += 1) {
    world.nowMs += 15_000
    for (const station of world.stations) for (const kind of stationRounds) station.begin(kind)
    await settleAll(world)
    project(world, 10_000)
  }
}

/** Lets every message arrive and every write become durable, until nothing is under way. */
async function settleAll(world: World): Promise<void> {
  for (let turn = 0; turn < 10_000; turn += 1) {
    await nextTurn()
    let moved = false
    for (const { disk, printer } of world.stations) {
      moved ||= disk.waiting > 0 || printer.isPrinting
      disk.sync()
      if (printer.isPrinting) printer.step()
    }
    if (world.net.pending > 0) moveMessage(world)
    else if (!moved) return
  }
  world.findings.push({ kind: 'lost', words: 'the hall does not come to rest' })
}
