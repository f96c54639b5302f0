import { readMeta, writeMeta } from '../storage/meta.ts'
import type { StationDb } from '../storage/station-db.ts'

/** A monotonic clock, in milliseconds from any start. */
type Monotonic = () => number

/** What is kept for 36 hours may be judged ten minutes late; writing at every report would wear the disk for nothing. */
const keptEveryMs = 10 * 60_000

/**
 * The latest moment that is certain to have passed, whatever the wall clock says: the centre's time when it was last heard,
 * carried on by a clock that nobody can set. What may be forgotten is judged by it, for a wall clock that is days ahead
 * must not empty a station's day. A centre that goes back was ahead before, or is behind now: forgetting too late harms nobody.
 */
export class CentreTime {
  readonly #db: StationDb
  readonly #monotonic: Monotonic
  #heardAt: number
  #centreNow: number
  #kept: number

  constructor(db: StationDb, monotonic: Monotonic) {
    this.#db = db
    this.#monotonic = monotonic
    this.#heardAt = monotonic()
    this.#kept = Number(readMeta(db.sql, 'centre-now') ?? 0)
    this.#centreNow = this.#kept
  }

  /** Notes the centre's time, as it has just answered. */
  async hear(centreNow: number): Promise<void> {
    if (centreNow < this.#kept || centreNow - this.#kept >= keptEveryMs) {
      await this.#db.transact((sql) => writeMeta(sql, 'centre-now', String(centreNow)))
      this.#kept = centreNow
    }
    this.#heardAt = this.#monotonic()
    this.#centreNow = centreNow
  }

  /** A moment that has certainly passed, in whole milliseconds; 0 when the centre was never heard. */
  certainlyPassed(): number {
    const carriedOn = this.#centreNow === 0 ? 0 : Math.floor(this.#centreNow + (this.#monotonic() - this.#heardAt))
    const kept = Number(readMeta(this.#db.sql, 'centre-now') ?? 0)
    if (kept <= carriedOn) return carriedOn
    // A file that the centre signed has told a later moment, from beside this process.
    this.#heardAt = this.#monotonic()
    this.#centreNow = kept
    this.#kept = kept
    return kept
  }
}
