import { readMeta, writeMeta } from '../storage/meta.ts'
import type { Sql } from '../storage/sql.ts'

/** When a station that has lost its centre tries it again: one call at a time, until one is answered. */
export interface CentreReturn {
  /** Notes whether a call was answered, or that the doorbell fell silent. */
  note(reachable: boolean): void
  /** False from the first call without an answer until one is answered. */
  readonly isHere: boolean
  /** How long the next try has to wait, in milliseconds; 0 when it may be made. */
  waitMs(): number
  /** Calls whenever the centre is back. */
  onBack(listener: () => void): void
}

interface ReturnDeps {
  /** Milliseconds of a clock that nobody can set. */
  monotonic: () => number
  /** In 0…1. */
  random: () => number
  /** Over how long the stations of this centre spread their return. */
  windowMs: () => number
}

/** A blip, a cable or a balancer's node, is over by then; a program that starts again is not. */
const blipMs = 1_000
const firstRetryMs = 1_000
/** A hall notices a returned network within this time; where the window of a large fleet is longer, within that. */
const longestRetryMs = 15_000

/**
 * A first call without an answer may be a blip of this station alone, so it tries again within a second. When that fails too, the centre
 * is taken to be out (中心中断), and with it for all stations: from then on each takes its own moment, uniform over the window or the
 * doubled wait, whichever is longer (full jitter). So they come back spread over the window however short the outage was.
 */
export function createCentreReturn({ monotonic, random, windowMs }: ReturnDeps): CentreReturn {
  const listeners: (() => void)[] = []
  let failures = 0
  let notBefore = 0
  return {
    get isHere() {
      return failures === 0
    },
    note(reachable) {
      if (reachable) {
        if (failures === 0) return
        failures = 0
        for (const listener of listeners) listener()
        return
      }
      // Calls that were under way together fail together: that is one failure.
      if (failures > 0 && monotonic() < notBefore) return
      failures += 1
      notBefore = monotonic() + random() * longestWaitMs(failures, windowMs())
    },
    waitMs: () => (failures === 0 ? 0 : Math.max(0, Math.ceil(notBefore - monotonic()))),
    onBack: (listener) => void listeners.push(listener),
  }
}

function longestWaitMs(failures: number, windowMs: number): number {
  if (failures === 1) return blipMs
  // Beyond 2^10 nothing grows any more; a month of failures must not reach infinity.
  return Math.max(windowMs, Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(failures - 1, 10)))
}

/** Of a centre that has not told it: the least that any tells. */
const untoldWindowMs = 2_000

/** Over how long the stations of the centre spread their return, as it last said. */
export function readStormWindow(sql: Sql): number {
  return Number(readMeta(sql, 'storm-window') ?? untoldWindowMs)
}

/** Keeps what the centre says of it, within the caller's transaction; it is needed when the centre can no longer be asked. */
export function keepStormWindow(sql: Sql, windowMs: number | undefined): void {
  if (windowMs !== undefined && windowMs !== readStormWindow(sql)) writeMeta(sql, 'storm-window', String(windowMs))
}
