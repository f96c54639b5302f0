import type { NumberBlock } from '@yizhan/contracts/queue'
import { clearMeta } from '../storage/meta.ts'
import type { Sql } from '../storage/sql.ts'
import { readOutboxHead } from '../sync/outbox.ts'

/** Takes the next leased number of a clinic's day; null when the lease is used up. Within the caller's transaction. */
export function takeLeasedNumber(sql: Sql, clinicId: string, day: string): number | null {
  const block = sql
    .prepare<[string, string], { block_id: string; next: number }>(
      'SELECT block_id, next FROM number_block WHERE clinic_id = ? AND day = ? AND next <= last ORDER BY first LIMIT 1',
    )
    .get(clinicId, day)
  if (block === undefined) return null
  sql.prepare('UPDATE number_block SET next = next + 1 WHERE block_id = ?').run(block.block_id)
  return block.next
}

/** Numbers of the fallback series that one epoch of the station's memory may give out in a day. */
const numbersPerEpoch = 1000
/** Four digits hold so many epochs' numbers; a station that forgets more often than that in one day is broken. */
const epochsPerDay = 9

/**
 * Takes the next number of the station's own fallback series of a queue's letter and day. Each epoch has a range of its own:
 * a disk put back to an older copy must not give out again what it has forgotten. Within the caller's transaction.
 */
export function takeFallbackNumber(sql: Sql, letter: string, day: string): number {
  const { epoch } = readOutboxHead(sql, 'ops')
  const first = ((epoch - 1) % epochsPerDay) * numbersPerEpoch + 1
  const row = sql
    .prepare<[string, string, number, number], { next: number }>(
      `INSERT INTO fallback_number (letter, day, epoch, next) VALUES (?, ?, ?, ?)
       ON CONFLICT (letter, day, epoch) DO UPDATE SET next = next + 1 RETURNING next`,
    )
    .get(letter, day, epoch, first + 1)
  if (row === undefined) throw new Error('the fallback series gave no number')
  return row.next - 1
}

/** Keeps a leased block; keeping it twice changes nothing. */
export function keepNumberBlock(sql: Sql, block: NumberBlock): void {
  sql
    .prepare(
      `INSERT INTO number_block (block_id, clinic_id, day, first, last, next) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (block_id) DO NOTHING`,
    )
    .run(block.blockId, block.clinicId, block.day, block.first, block.last, block.first)
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
