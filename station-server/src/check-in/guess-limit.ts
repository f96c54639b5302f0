import { createHmac } from 'node:crypto'
import type { Sql } from '../storage/sql.ts'

// A code is five wrong second items from being closed for an hour: that is where guessing is stopped. The machine as a
// whole slows down only after twenty wrong tries in a quarter of an hour, far more than a morning of bad eyes, and never
// for longer than half a minute: the person who then stands there is most likely innocent.
const stationWindowMs = 15 * 60_000
const freeTries = 20
const firstWaitMs = 5_000
const longestWaitMs = 30_000
const codeWindowMs = 60 * 60_000
const triesPerCode = 5

/** A code as the limit's table keeps it: keyed, so that the table cannot be searched for codes. */
export function hashCode(key: Uint8Array, code: string): string {
  return createHmac('sha256', key).update('guess-limit').update(code).digest('base64url')
}

/** How long the station must wait before the next typed try, in milliseconds; 0 when it may go on. */
function readRetryAfter(sql: Sql, codeHash: string, now: number): number {
  return Math.max(stationRetryAfter(sql, now), codeRetryAfter(sql, codeHash, now))
}

/** What became of a try that was asked for: taken, to be returned if it finds somebody, or put off. */
export type TakenTry = { tryId: number } | { retryAfterMs: number }

/**
 * Takes a try before anything is looked up, within one transaction, so that a thousand tries at the same moment count as a
 * thousand. Tries that no limit looks back to any more are dropped on the way.
 */
export function takeTry(sql: Sql, codeHash: string, now: number): TakenTry {
  const retryAfterMs = readRetryAfter(sql, codeHash, now)
  if (retryAfterMs > 0) return { retryAfterMs }
  sql.prepare('DELETE FROM failed_try WHERE at < ?').run(now - codeWindowMs)
  const { lastInsertRowid } = sql.prepare('INSERT INTO failed_try (at, code_hash) VALUES (?, ?)').run(now, codeHash)
  return { tryId: Number(lastInsertRowid) }
}

/** Takes a try back: it found its patient. */
export function returnTry(sql: Sql, tryId: number): void {
  sql.prepare('DELETE FROM failed_try WHERE try_id = ?').run(tryId)
}

function stationRetryAfter(sql: Sql, now: number): number {
  const row = sql
    .prepare<[number, number], { tries: number; last: number | null }>(
      'SELECT count(*) AS tries, max(at) AS last FROM failed_try WHERE at > ? AND at <= ?',
    )
    .get(now - stationWindowMs, now)
  if (row === undefined || row.last === null || row.tries < freeTries) return 0
  const wait = Math.min(longestWaitMs, firstWaitMs * 2 ** (row.tries - freeTries))
  return Math.max(0, row.last + wait - now)
}

function codeRetryAfter(sql: Sql, codeHash: string, now: number): number {
  const row = sql
    .prepare<[string, number, number], { tries: number; first: number | null }>(
      'SELECT count(*) AS tries, min(at) AS first FROM failed_try WHERE code_hash = ? AND at > ? AND at <= ?',
    )
    .get(codeHash, now - codeWindowMs, now)
  if (row === undefined || row.first === null || row.tries < triesPerCode) return 0
  return row.first + codeWindowMs - now
}
