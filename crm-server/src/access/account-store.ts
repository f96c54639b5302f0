import type { Pool } from 'pg'

/** The account with this address; null when there is none. */
export async function userIdOf(pool: Pool, email: string): Promise<string | null> {
  const { rows } = await pool.query<{ id: string }>('select "id" from auth."user" where "email" = $1', [
    email.toLowerCase(),
  ])
  return rows[0]?.id ?? null
}

/** Whether wrong codes have closed the second factor of an account for now. */
export async function isSecondFactorLocked(pool: Pool, userId: string): Promise<boolean> {
  const { rows } = await pool.query<{ locked: boolean }>(
    `select coalesce("lockedUntil" > now(), false) as locked from auth."twoFactor" where "userId" = $1`,
    [userId],
  )
  return rows[0]?.locked ?? false
}
