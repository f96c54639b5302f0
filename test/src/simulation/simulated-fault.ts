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

/** Not while a disk is being put back, or to before its image was taken: what both have forgotten, nobody can know. */
function restoreCentre(world: World): void {
  const { chance, backups, centre, options, stations } = world
  if (stations.some(({ awaits, patientsWait }) => awaits !== null || patientsWait)) return
  world.images = []
  const forgets = options.opened.includes('leases-forgotten')
  const oldest = backups.slice(0, 1)
  const backup = structuredClone(chance.pick(forgets ? oldest : backups))
  world.centre = {
    ...backup,
    // A restore that goes through the database's own recovery begins another history.
    history: centre.history + 1,
    running: [],
    ...(forgets ? {} : { leases: centre.leases }),
  }
  world.deskWork = []
  note(world, 'the centre is put back to an older backup', true)
  noteDestroyed(world)
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

function takeImage(world: World, { stationId, letter, disk }: SimulatedStation): void {
  world.images.push({ stationId, atMs: world.nowMs, image: disk.image() })
  note(world, `somebody copies the disk of station ${letter}`)
}

function putDiskBack(world: World, station: SimulatedStation): void {
  const own = world.images.filter(({ stationId }) => stationId === station.stationId)
  if (own.length === 0 || station.awaits !== null) return
  station.awaits = world.chance.pick(own)
  note(world, `somebody is about to put back the disk of station ${station.letter}`)
}

/**
 * Goes on with putting disks back. Whoever does it lets the station send everything first, and keeps patients away until the
 * centre has been greeted; or, with that limit opened, does not.
 */
export function goOnPuttingBack(world: World): void {
  const careless = world.options.opened.includes('numbers-forgotten')
  for (const station of world.stations) {
    if (station.awaits === null) continue
    if (!careless && station.isUnsent()) {
      station.patientsWait = true
      world.net.join(station.stationId)
      station.disk.sync()
      station.begin('send')
      continue
    }
    const { image, atMs } = station.awaits
    station.awaits = null
    world.nowMs += putBackTakesMs
    note(world, `the disk of station ${station.letter} is put back to ${new Date(atMs).toISOString()}`, true)
    station.restart(image)
    station.patientsWait = !careless
    noteDestroyed(world)
  }
}
