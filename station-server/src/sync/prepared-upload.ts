import { setImmediate as nextTurn } from 'node:timers/promises'
import { safe } from '@orpc/client'
import type { OutboxLane } from '@yizhan/contracts/sync'
import type { Sql } from '../storage/sql.ts'
import type { CentreClient } from './centre-client.ts'
import { readEventsAfter } from './outbox.ts'

/** An upload's JSON at most; the centre takes four times as much. */
const mostBatchBytes = 1024 * 1024

/** Where a batch begins: behind a sequence of a lane in an epoch. */
export interface BatchPlace {
  lane: OutboxLane
  epoch: number
  afterSeq: number
}

/** What a batch is made of. */
export interface BatchSource {
  sql: Sql
  centre: Pick<CentreClient, 'upload'>
  /** How many events the batch may have. */
  most: number
  /** Milliseconds of a clock that nobody can set. */
  monotonic: () => number
}

/** A batch that is read and being packed, and is sent when it is told to. */
export type PreparedUpload = ReturnType<typeof prepareUpload>

/** Reads a batch and begins to pack it. It waits for `goAhead` with true, or is given up with false. */
export function prepareUpload({ sql, centre, most, monotonic }: BatchSource, place: BatchPlace) {
  const { lane, epoch } = place
  const begunAt = monotonic()
  const events = readEventsAfter(sql, lane, place.afterSeq, { events: most, bytes: mostBatchBytes })
  const readingMs = monotonic() - begunAt
  const gate = Promise.withResolvers<boolean>()
  const run = { epoch, ...(lane === 'ops' ? {} : { lane }), events }
  const answer = events.length === 0 ? null : safe(centre.upload(run, { context: { goAhead: gate.promise } }))
  const lastSeq = events.at(-1)?.seq ?? place.afterSeq
  return { place, answer, lastSeq, readingMs, isFull: events.length === most, goAhead: gate.resolve }
}

/**
 * The batch after the one that is on its way: it is read and packed while the centre stores that one, and given up when it is not the next
 * after all. Never sent before the one ahead of it is acknowledged, or the centre would miss events before it.
 */
export class ReadAhead {
  #next: PreparedUpload | null = null

  /** The batch that begins at a place, if that is the one that was read ahead. */
  take(place: BatchPlace): PreparedUpload | null {
    const next = this.#next
    this.#next = null
    if (next === null) return null
    const { lane, epoch, afterSeq } = next.place
    if (lane === place.lane && epoch === place.epoch && afterSeq === place.afterSeq) return next
    next.goAhead(false)
    return null
  }

  /** Reads the batch at a place, once what is being sent has had its turn. */
  async prepare(source: BatchSource, place: BatchPlace): Promise<void> {
    await nextTurn()
    this.giveUp()
    const next = prepareUpload(source, place)
    if (next.answer !== null) this.#next = next
  }

  giveUp(): void {
    this.#next?.goAhead(false)
    this.#next = null
  }
}
