import { createHash } from 'node:crypto'
import type { Pool } from 'pg'

/** Whether another try is allowed now, and if not, when; `justClosed` for the first try that a limit refuses. */
export type LimitAnswer = { allowed: true } | { allowed: false; retryAfterS: number; justClosed: boolean }

/** One try at one account from one connection. */
export interface SignInTry {
  email: string
  /** The address of the connection itself; null when it is not known. Never a forwarded header: those can be made up. */
  peerAddress: string | null
}

/** Counts tries in the database, where they survive a restart and are shared by all nodes of the centre. */
export interface SignInLimit {
  /** Counts a try before its password is looked at, so that a burst of parallel tries cannot slip through. */
  take(attempt: SignInTry): Promise<LimitAnswer>
  /** Counts a try from an address at a door that asks for no account first. */
  takeAtDoor(door: string, peerAddress: string | null): Promise<LimitAnswer>
  /** Takes the tries of this person at this place back after the right password. */
  forgive(attempt: SignInTry): Promise<void>
}

/** Ten minutes is what a person who mistyped can bear to wait, and 5 per 10 minutes is 720 guesses a day at one account. */
const windowMin = 10
/**
 * A person at one place 5; an account from anywhere 20, so that a stranger elsewhere cannot lock its owner out with 5; an
 * address 100, for a hospital may share one behind its proxy, and each try costs the centre an argon2 run.
 */
const limits = { 'account-at-address': 5, account: 20, address: 100 } as const

/** The limit of wrong passwords. */
export function createSignInLimit(pool: Pool): SignInLimit {
  return {
    take: (attempt) => takeFrom(pool, bucketsOf(attempt)),
    takeAtDoor: (door, peerAddress) =>
      takeFrom(pool, [{ bucket: hashed('door', door, peerAddress ?? 'unknown'), limit: limits.address }]),
    async forgive(attempt) {
      const [own, ...shared] = bucketsOf(attempt)
      await pool.query('delete from auth.sign_in_limit where bucket = $1 or window_ends_at < now()', [own?.bucket])
      await pool.query('update auth.sign_in_limit set tries = greatest(tries - 1, 0) where bucket = any ($1)', [
        shared.map(({ bucket }) => bucket),
      ])
    },
  }
}

interface Bucket {
  bucket: string
  limit: number
}

async function takeFrom(pool: Pool, buckets: readonly Bucket[]): Promise<LimitAnswer> {
  let longestWaitS = 0
  let justClosed = false
  for (const { bucket, limit } of buckets) {
    const { rows } = await pool.query<{ tries: number; wait_s: number }>(takeStatement, [bucket, windowMin])
    const { tries, wait_s: waitS } = rows[0] ?? { tries: 0, wait_s: 0 }
    if (tries > limit) longestWaitS = Math.max(longestWaitS, waitS)
    if (tries === limit + 1) justClosed = true
  }
  return longestWaitS > 0 ? { allowed: false, retryAfterS: longestWaitS, justClosed } : { allowed: true }
}

const takeStatement = `
  insert into auth.sign_in_limit as held (bucket, tries, window_ends_at)
  values ($1, 1, now() + make_interval(mins => $2))
  on conflict (bucket) do update set
    tries = case when held.window_ends_at < now() then 1 else held.tries + 1 end,
    window_ends_at = case when held.window_ends_at < now() then excluded.window_ends_at else held.window_ends_at end
  returning tries, greatest(1, ceil(extract(epoch from window_ends_at - now())))::int as wait_s`

function bucketsOf({ email, peerAddress }: SignInTry): Bucket[] {
  const account = email.trim().toLowerCase()
  const address = peerAddress ?? 'unknown'
  return [
    { bucket: hashed('account-at-address', account, address), limit: limits['account-at-address'] },
    { bucket: hashed('account', account), limit: limits.account },
    { bucket: hashed('address', address), limit: limits.address },
  ]
}

function hashed(...parts: string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url')
}
