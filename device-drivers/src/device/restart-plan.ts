/** The shortest and longest wait before a restart; a driver process is up again within 0.1 s, so the first wait is short. */
const shortestMs = 100
const longestMs = 30_000

/** Stations restart together after a power cut; without jitter their devices would be asked in step. */
const jitter = 0.2

/** A process that stayed up this long has left its trouble behind. */
const healthyAfterMs = 60_000

/** More restarts than this in the window mean a defect that restarting does not cure: quarantine (隔离). */
const maxRestarts = 10
const windowMs = 600_000
const quarantineRetryMs = 300_000

/** The wait before try number `failures` (0 is the first), doubled each time up to `capMs`, ±20 % by `random` of 0–1. */
export function backOffMs(failures: number, random: number, capMs = longestMs): number {
  const waitMs = Math.min(capMs, shortestMs * 2 ** Math.min(failures, 30))
  return Math.round(waitMs * (1 - jitter + 2 * jitter * random))
}

/** What to do after a process ended. */
export interface RestartDecision {
  waitMs: number
  quarantined: boolean
}

/** Remembers how often a process had to be started again and decides when it may be next. */
export class RestartPlan {
  #failures = 0
  #restartsAt: number[] = []

  /** A person has seen to the device: what was before does not count. */
  forget(): void {
    this.#failures = 0
    this.#restartsAt = []
  }

  /** The process ended at `nowMs` after `upMs` of life. */
  next(nowMs: number, upMs: number, random: number): RestartDecision {
    if (upMs >= healthyAfterMs) this.#failures = 0
    this.#restartsAt = [...this.#restartsAt.filter((at) => nowMs - at < windowMs), nowMs]
    if (this.#restartsAt.length > maxRestarts) return { waitMs: quarantineRetryMs, quarantined: true }
    const waitMs = backOffMs(this.#failures, random)
    this.#failures += 1
    return { waitMs, quarantined: false }
  }
}
