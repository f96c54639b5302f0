import { type OutboxLane, outboxLanes } from '@yizhan/contracts/sync'
import type { Sql } from '../storage/sql.ts'
import type { WitnessFile } from '../storage/witness-file.ts'
import { readOutboxHead } from '../sync/outbox.ts'

/** A run of numbers of one day, by a name that no other run of the station has. */
export interface NumberSeries {
  name: string
  day: string
  /** The last number that may be given out of it at this time. */
  last: number
}

/** Where the outbox stood, as far as it was durable. */
interface SeenOutbox {
  epoch: number
  lastSeq: Record<OutboxLane, number>
}

/** As it stands in the file. */
interface Testimony {
  /** Whose numbers these are; left out by earlier releases. */
  stationId?: string
  outbox: SeenOutbox | null
  /** By series: its day, and up to where its numbers may have been given out. */
  series: Record<string, [day: string, upTo: number]>
}

interface WitnessDeps {
  file: WitnessFile
  stationId: string
  /** Milliseconds of a clock that nobody can set. */
  monotonic: () => number
  /** Told when the witness cannot be written: the station goes on, without it. */
  onUnwritten: (error: unknown) => void
}

/** A crash gives up so many numbers of a series at most: a hall that calls by number hardly sees the gap. */
const leastStride = 16
/** At two thousand check-ins a second, what an empty disk does at best, a quarter of a second. */
const longestStride = 512
/** Who needs a reserve more often than this gives out numbers faster than any hall: a longer one costs nothing then. */
const reserveEveryMs = 1000

/**
 * Remembers outside the database how far the station's numbers may have been given out (号码见证). Reserves are written ahead, so
 * that most check-ins need no write of it; a database that is put back to an older copy goes on above them.
 */
export class NumberWitness {
  readonly #deps: WitnessDeps
  /** What an earlier life of the station has told. */
  readonly #found: Testimony | null
  readonly #series: Map<string, { day: string; upTo: number; given: number }>
  #outbox: SeenOutbox | null
  #stride = leastStride
  #reservedAt = Number.NEGATIVE_INFINITY
  #isWritten = true

  constructor(deps: WitnessDeps) {
    this.#deps = deps
    this.#found = ofStation(deps.stationId, readTestimony(deps.file))
    this.#outbox = this.#found?.outbox ?? null
    this.#series = new Map(
      Object.entries(this.#found?.series ?? {}).map(([name, [day, upTo]]) => [name, { day, upTo, given: upTo }]),
    )
  }

  /** The first number of a series that no earlier life of this station can have given out. */
  firstFree({ name }: Pick<NumberSeries, 'name'>): number {
    return (this.#found?.series[name]?.[1] ?? 0) + 1
  }

  /** Makes durable that a number may have been given out; a number that was reserved before needs no write. */
  reserve({ name, day, last }: NumberSeries, number: number): void {
    const known = this.#series.get(name) ?? { day, upTo: 0, given: 0 }
    known.given = Math.max(known.given, number)
    this.#series.set(name, known)
    if (number <= known.upTo) return
    known.upTo = Math.min(number + this.#nextStride() - 1, last)
    this.#write()
  }

  /** Every series, and the highest number of it that may have been given out. */
  known(): { name: string; given: number }[] {
    return [...this.#series].map(([name, { given }]) => ({ name, given }))
  }

  /** The highest number of a series that may have been given out, in this life or an earlier one; 0 when none was. */
  highest({ name }: Pick<NumberSeries, 'name'>): number {
    return this.#series.get(name)?.given ?? 0
  }

  /** The epoch that was seen, when the database is an older copy than the one that was seen; null when it is not. */
  findRewound(sql: Sql): number | null {
    const seen = this.#found?.outbox ?? null
    if (seen === null) return null
    const here = seenOutboxOf(sql)
    if (here.epoch !== seen.epoch) return here.epoch < seen.epoch ? seen.epoch : null
    return outboxLanes.some((lane) => here.lastSeq[lane] < seen.lastSeq[lane]) ? seen.epoch : null
  }

  /**
   * Notes where the outbox stands when that has changed, or when the disk refused what was to be written before. Outside any transaction:
   * what is not durable may not be seen.
   */
  noteOutbox(sql: Sql): void {
    const here = seenOutboxOf(sql)
    if (this.#isWritten && JSON.stringify(here) === JSON.stringify(this.#outbox)) return
    this.#outbox = here
    this.#write()
  }

  /** Forgets the series of days before the given one. */
  forgetBefore(keptFrom: string): void {
    for (const [name, { day }] of this.#series) if (day < keptFrom) this.#series.delete(name)
  }

  /** Gives back what was reserved and not given out: the next start goes on without a gap. Nothing may be given out after it. */
  close(sql: Sql): void {
    for (const series of this.#series.values()) series.upTo = series.given
    this.#outbox = seenOutboxOf(sql)
    this.#write()
  }

  #nextStride(): number {
    const now = this.#deps.monotonic()
    const isHurried = now - this.#reservedAt < reserveEveryMs
    this.#stride = isHurried ? Math.min(this.#stride * 2, longestStride) : leastStride
    this.#reservedAt = now
    return this.#stride
  }

  #write(): void {
    const { stationId } = this.#deps
    const series = Object.fromEntries([...this.#series].map(([name, { day, upTo }]) => [name, [day, upTo]]))
    try {
      this.#deps.file.write(JSON.stringify({ stationId, outbox: this.#outbox, series }))
      this.#isWritten = true
    } catch (error) {
      this.#isWritten = false
      this.#deps.onUnwritten(error)
    }
  }
}

/** The newest epoch of an outbox that a witness has seen; 0 when it has seen none. Of another station it is too high, which harms nobody. */
export function readSeenEpoch(file: WitnessFile): number {
  return readTestimony(file)?.outbox?.epoch ?? 0
}

function seenOutboxOf(sql: Sql): SeenOutbox {
  const [ops, bulk] = [readOutboxHead(sql, 'ops'), readOutboxHead(sql, 'bulk')]
  return { epoch: ops.epoch, lastSeq: { ops: ops.lastSeq, bulk: bulk.lastSeq } }
}

function readTestimony(file: WitnessFile): Testimony | null {
  const text = file.read()
  return text === null ? null : (JSON.parse(text) as Testimony)
}

/** A disk that another station used before tells nothing of this one. */
function ofStation(stationId: string, testimony: Testimony | null): Testimony | null {
  return (testimony?.stationId ?? stationId) === stationId ? testimony : null
}
