import { answerCall } from './centre-model.ts'
import { applyNextEvent } from './centre-projector-model.ts'
import type { CentreModelDeps, CentreState } from './centre-state.ts'
import type { Chance } from './chance.ts'
import type { PlantedBug } from './planted-bug.ts'
import type { DeskWork, SimulatedDesk } from './simulated-desk.ts'
import type { SimulatedNet } from './simulated-net.ts'
import type { DiskImage, SimulatedStation, Told } from './simulated-station.ts'

/** How a seed is run. */
export interface RunOptions {
  bug?: PlantedBug | null
  /** Limits that are known and stay closed otherwise: what they name may then happen. */
  opened?: readonly KnownLimit[]
}

/** What we know to go wrong, by name; a test expects the simulation to find each. */
export const knownLimits = {
  'whole-disk-forgotten':
    'a station whose whole disk was put back, witness and all, gives out numbers that neither it nor the centre knows of',
  'restore-unnoticed': 'a centre put back so that nothing shows it leases numbers that it has forgotten to have leased',
} as const satisfies Record<string, string>
export type KnownLimit = keyof typeof knownLimits

/** What became of a seed. */
export interface SimulatedRun {
  seed: number
  operations: number
  faults: number
  findings: Finding[]
  /** The steps, in words. */
  trace: string[]
}

/** Something that must never be, in words. */
export interface Finding {
  kind: 'lost' | 'duplicated' | 'torn'
  words: string
}

/** Everything that there is in a run. */
export interface World {
  chance: Chance
  options: Required<RunOptions>
  nowMs: number
  net: SimulatedNet
  stations: SimulatedStation[]
  centre: CentreState
  centreDeps: CentreModelDeps
  desk: SimulatedDesk
  /** Transactions of the desk's that have begun. */
  deskWork: DeskWork[]
  backups: CentreState[]
  images: DiskImage[]
  /** A restore of the centre went unnoticed: what stations keep may then differ until it is compared. */
  mayDrift: boolean
  /** What patients were shown, in order. */
  told: Told[]
  /** Events that somebody was promised, or that must not be lost for other reasons. */
  promised: Map<string, { words: string; odd: boolean }>
  /** Promised, and gone with every disk that held it. */
  destroyed: Set<string>
  operations: number
  faults: number
  findings: Finding[]
  trace: string[]
  drawId: () => string
}

/** One message goes on, as chance has it. */
export function moveMessage(world: World): void {
  const { words, fault } = world.net.step(({ from, counter, call }) =>
    answerCall(world.centre, world.centreDeps, { from, counter, call }),
  )
  note(world, words, fault)
}

/** Applies at the centre what is due. */
export function project(world: World, most: number): void {
  for (let applied = 0; applied < most; applied += 1) {
    if (!applyNextEvent(world.centre, world.centreDeps, world.drawId)) return
  }
}

/** Writes a step down. */
export function note(world: World, words: string, fault = false): void {
  world.trace.push(`${new Date(world.nowMs).toISOString()} ${words}`)
  if (fault) world.faults += 1
}
