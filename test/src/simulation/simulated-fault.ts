import { noticeModelRestore } from './centre-lease-model.ts'
import { noteDestroyed } from './invariants.ts'
import type { SimulatedStation } from './simulated-station.ts'
import { note, type World } from './simulated-world.ts'

const dayMs = 86_400_000
const minuteMs = 60_000
/** Putting a disk back takes a person longer than a slip lives: what waited for paper then has expired. */
const putBackTakesMs = 10 * minuteMs
const mostKept = 4

/** Something happens to one station. */
export function strikeStation(world: World): void {
  const station = world.chance.pick(world.stations)
  const strikes = [
    cutNetwork,
    cutNetwork,
    joinNetwork,
    joinNetwork,
    joinNetwork,
    joinNetwork,
    crash,
    crash,
    crash,
    stepClock,
    takeImage,
    takeImage,
    takeImage,
    putDiskBack,
    putDiskBack,
    putDiskBack,
    putDiskBack,
    putDiskBack,
  ]
  world.chance.pick(strikes)(world, station)
}

/** Something happens to the centre. */
export function strikeCentre(world: World): void {
  const { chance, backups } = world
  if (backups.length === 0 || chance.happens(0.5)) {
    backups.push(structuredClone(world.centre))
    if (backups.length > mostKept) backups.splice(1, 1)
    note(world, 'the centre is backed up')
    return
  }
  restoreCentre(world)
}

/**
 * Not while a whole disk is being put back, and none that was copied before is put back after it: what disk, witness and centre have
 * forgotten, nobody can know.
 */
function restoreCentre(world: World): void {
  const { chance, backups, centre, options, stations } = world
  if (stations.some(({ awaits, patientsWait }) => awaits !== null || patientsWait)) return
  for (const image of world.images) image.witness = null
  // The first is of before any lease: half of the time nothing at all is remembered.
  const backup = chance.pick(chance.happens(0.5) ? backups.slice(0, 1) : backups)
  world.centre = { ...structuredClone(backup), history: centre.history, running: [] }
  world.deskWork = []
  note(world, `the centre is put back to an older backup: ${showRestore(world)}`, true)
  const looks = !options.opened.includes('restore-unnoticed')
  const noticed = looks && noticeModelRestore(world.centre, world.centreDeps, world.drawId)
  world.mayDrift ||= !noticed
  noteDestroyed(world)
}

/** By what the centre may notice that it was put back. */
function showRestore({ chance, centre, centreDeps, options }: World): string {
  if (options.opened.includes('restore-unnoticed')) return 'nothing shows it'
  const how = chance.pick(['recovered', 'all files', 'the database alone'] as const)
  // The database's own recovery begins another history.
  if (how === 'recovered') centre.history += 1
  // Files that were copied are other files: the witness among them testifies to nothing.
  if (how === 'all files') centreDeps.witness.granted = null
  return how
}

function cutNetwork(world: World, { stationId, letter }: SimulatedStation): void {
  world.net.cut(stationId)
  note(world, `station ${letter} is cut off`, true)
}

function joinNetwork(world: World, { stationId, letter }: SimulatedStation): void {
  if (!world.net.isCut(stationId)) return
  world.net.join(stationId)
  note(world, `station ${letter} is joined again`)
}

function crash(world: World, station: SimulatedStation): void {
  note(world, `station ${station.letter} loses power`, true)
  station.restart()
}

function stepClock(world: World, station: SimulatedStation): void {
  const { chance } = world
  const steps = [400 * dayMs, -400 * dayMs, dayMs, -dayMs, 7 * minuteMs, -7 * minuteMs, -2 * 60 * minuteMs]
  station.clockErrorMs = chance.happens(0.4) ? 0 : chance.pick(steps)
  note(world, `the clock of station ${station.letter} is off by ${station.clockErrorMs / 1000} s`, true)
}

function takeImage(world: World, { stationId, letter, disk, witnessText }: SimulatedStation): void {
  const isWhole = world.chance.happens(0.5)
  const witness = isWhole ? { text: witnessText } : null
  world.images.push({ stationId, atMs: world.nowMs, image: disk.image(), witness })
  note(world, `somebody copies ${isWhole ? 'the whole disk' : 'the database'} of station ${letter}`)
}

function putDiskBack(world: World, station: SimulatedStation): void {
  const own = world.images.filter(({ stationId }) => stationId === station.stationId)
  if (own.length === 0 || station.awaits !== null) return
  station.awaits = world.chance.pick(own)
  note(world, `somebody is about to put back the disk of station ${station.letter}`)
}

/**
 * Goes on with putting disks back. A database alone is put back at once. Whoever puts a whole disk back lets the station send
 * everything first, and keeps patients away until the centre has been greeted; or, with that limit opened, does not.
 */
export function goOnPuttingBack(world: World): void {
  for (const station of world.stations) {
    const { awaits } = station
    if (awaits === null) continue
    const careless = awaits.witness === null || world.options.opened.includes('whole-disk-forgotten')
    if (!careless && station.isUnsent()) {
      station.patientsWait = true
      world.net.join(station.stationId)
      station.disk.sync()
      station.begin('send')
      continue
    }
    station.awaits = null
    world.nowMs += putBackTakesMs
    const what = awaits.witness === null ? 'database' : 'whole disk'
    note(world, `the ${what} of station ${station.letter} is put back to ${new Date(awaits.atMs).toISOString()}`, true)
    station.restart(awaits)
    station.patientsWait = !careless
    noteDestroyed(world)
  }
}
