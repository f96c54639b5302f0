import { mostToldSeries, type NumberBlock } from '@yizhan/contracts/queue'
import { clearMeta } from '../storage/meta.ts'
import type { Sql } from '../storage/sql.ts'
import { readOutboxHead } from '../sync/outbox.ts'
import type { NumberSeries, NumberWitness } from './number-witness.ts'

/** The name of a leased series; those of the fallback series look otherwise. */
const leasedName = /^([0-9a-f-]{36}) (\d{4}-\d{2}-\d{2})$/

/** A clinic's leased numbers of a day, as the witness knows them: blocks of one clinic and day follow each other upwards. */
function leasedSeries(clinicId: string, day: string, last: number): NumberSeries {
  return { name: `${clinicId} ${day}`, day, last }
}

/**
 * Takes the next leased number of a clinic's day; null when the lease is used up. Numbers that an earlier life of this station
 * may have given out are passed over. Within the caller's transaction.
 */
export function takeLeasedNumber(sql: Sql, witness: NumberWitness, clinicId: string, day: string): number | null {
  for (;;) {
    const block = sql
      .prepare<[string, string], { block_id: string; next: number; last: number }>(
        'SELECT block_id, next, last FROM number_block WHERE clinic_id = ? AND day = ? AND next <= last ORDER BY first LIMIT 1',
      )
      .get(clinicId, day)
    if (block === undefined) return null
    const series = leasedSeries(clinicId, day, block.last)
    const number = Math.max(block.next, witness.firstFree(series))
    sql.prepare('UPDATE number_block SET next = ? WHERE block_id = ?').run(number + 1, block.block_id)
    if (number > block.last) continue
    witness.reserve(series, number)
    return number
  }
}

/** Numbers of the fallback series that one epoch of the station's memory may give out in a day. */
const numbersPerEpoch = 1000
/** Four digits hold so many epochs' numbers; a station that forgets more often than that in one day is broken. */
const epochsPerDay = 9
const highestNumber = epochsPerDay * numbersPerEpoch

/**
 * Takes the next number of the station's own fallback series of a queue's letter and day. Each epoch has a range of its own, for
 * a disk that was put back whole, witness and all. Within the caller's transaction.
 */
export function takeFallbackNumber(sql: Sql, witness: NumberWitness, letter: string, day: string): number {
  const { epoch } = readOutboxHead(sql, 'ops')
  const range = (epoch - 1) % epochsPerDay
  const seriesOf = (of: number) => ({ name: `${letter}-${of} ${day}`, day, last: highestNumber })
  const series = seriesOf(range)
  const least = Math.max(
    range * numbersPerEpoch + 1,
    witness.firstFree(series),
    // A day without any lease may have gone on beyond its range, into this one.
    highestBefore(sql, { letter, day, range }) + 1,
    ...Array.from({ length: range }, (_, before) => witness.highest(seriesOf(before)) + 1),
  )
  const row = sql
    .prepare<[string, string, number, number, number], { next: number }>(
      `INSERT INTO fallback_number (letter, day, epoch, next) VALUES (?, ?, ?, ?)
       ON CONFLICT (letter, day, epoch) DO UPDATE SET next = max(next, ?) + 1 RETURNING next`,
    )
    .get(letter, day, epoch, least + 1, least)
  if (row === undefined) throw new Error('the fallback series gave no number')
  const number = row.next - 1
  witness.reserve(series, number)
  return number
}

/** The highest number of a letter and day that was given out of the ranges before one, as this disk remembers; 0 when none was. */
function highestBefore(sql: Sql, { letter, day, range }: { letter: string; day: string; range: number }): number {
  const row = sql
    .prepare<[string, string, number, number], { next: number | null }>(
      'SELECT max(next) AS next FROM fallback_number WHERE letter = ? AND day = ? AND (epoch - 1) % ? < ?',
    )
    .get(letter, day, epochsPerDay, range)
  return (row?.next ?? 1) - 1
}

/**
 * Keeps a leased block; keeping it twice changes nothing. A centre that has forgotten what it leased may lease it again: numbers
 * that this station has given out are not given out of it.
 */
export function keepNumberBlock(sql: Sql, block: NumberBlock, witness: NumberWitness | null): void {
  const given = witness?.highest(leasedSeries(block.clinicId, block.day, block.last)) ?? 0
  sql
    .prepare(
      `INSERT INTO number_block (block_id, clinic_id, day, first, last, next) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (block_id) DO NOTHING`,
    )
    .run(block.blockId, block.clinicId, block.day, block.first, block.last, Math.max(block.first, given + 1))
}

/** How many leased numbers of a clinic's day are still unused here. */
export function countLeasedNumbers(sql: Sql, clinicId: string, day: string): number {
  const row = sql
    .prepare<[string, string], { left: number | null }>(
      'SELECT sum(last - next + 1) AS left FROM number_block WHERE clinic_id = ? AND day = ?',
    )
    .get(clinicId, day)
  return row?.left ?? 0
}

/**
 * Of the newest series, the highest number of each clinic and day that was leased to this station, as far as it knows, or that it may have given out:
 * what a centre that has forgotten its leases must not lease again.
 */
export function readHighestNumbers(
  sql: Sql,
  witness: NumberWitness,
): { clinicId: string; day: string; highest: number }[] {
  const highest = new Map(
    sql
      .prepare<[], { series: string; last: number }>(
        "SELECT clinic_id || ' ' || day AS series, max(last) AS last FROM number_block GROUP BY clinic_id, day",
      )
      .all()
      .map(({ series, last }) => [series, last]),
  )
  for (const { name, given } of witness.known()) highest.set(name, Math.max(highest.get(name) ?? 0, given))
  const told = [...highest].flatMap(([series, number]) => {
    const [, clinicId, day] = leasedName.exec(series) ?? []
    return clinicId === undefined || day === undefined ? [] : [{ clinicId, day, highest: number }]
  })
  // Leases are of today and tomorrow: of a heap of older ones nothing is leased again.
  return told.toSorted((one, other) => other.day.localeCompare(one.day)).slice(0, mostToldSeries)
}

/** Whether any leased number of a day is left. */
export function hasLeasedNumbers(sql: Sql, day: string): boolean {
  return sql.prepare('SELECT 1 FROM number_block WHERE day = ? AND next <= last LIMIT 1').get(day) !== undefined
}

/** Forgets blocks and series of days before the given one. */
export function dropNumbersBefore(sql: Sql, day: string): void {
  sql.prepare('DELETE FROM number_block WHERE day < ?').run(day)
  sql.prepare('DELETE FROM fallback_number WHERE day < ?').run(day)
}

/**
 * Gives every lease up, when it is no longer certain which of its numbers were given out; one that was asked for too, for it may
 * have been answered, and used, in a life that this disk has forgotten.
 */
export function dropNumberBlocks(sql: Sql): void {
  clearMeta(sql, 'pending-lease')
  sql.prepare('DELETE FROM number_block').run()
}
