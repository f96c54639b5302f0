import { sql } from 'kysely'
import { type CentreDb, inTenant } from '../postgres/database.ts'
import type { Caller } from '../tenant/tenant-scope.ts'

/** What is left of a person's tries at codes. */
export type PairingTries = { allowed: true; triesLeft: number } | { allowed: false; retryAfterS: number }

/** Who mistypes a code from a screen needs a second try, not an eleventh; ten guesses at 10^8 codes an hour hit none. */
const triesPerHour = 10
const hourMs = 3_600_000

/**
 * Counts a try at a pairing code before the code is looked at, so that a burst of parallel guesses cannot slip through. The
 * count stands in the database: it survives restarts and is shared by all nodes.
 */
export async function takePairingTry(db: CentreDb, caller: Caller): Promise<PairingTries> {
  const { tenantId, actor, nowMs } = caller
  const isOver = sql`pairing_limit.window_ends_at <= ${new Date(nowMs)}::timestamptz`
  const { tries, window_ends_at: endsAt } = await inTenant(db, caller, async (tx) =>
    tx
      .insertInto('pairing_limit')
      .values({ tenant_id: tenantId, user_id: actor.id, tries: 1, window_ends_at: new Date(nowMs + hourMs) })
      .onConflict((conflict) =>
        conflict.columns(['tenant_id', 'user_id']).doUpdateSet({
          tries: sql<number>`case when ${isOver} then 1 else pairing_limit.tries + 1 end`,
          window_ends_at: sql<Date>`case when ${isOver} then excluded.window_ends_at else pairing_limit.window_ends_at end`,
        }),
      )
      .returning(['tries', 'window_ends_at'])
      .executeTakeFirstOrThrow(),
  )
  if (tries <= triesPerHour) return { allowed: true, triesLeft: triesPerHour - tries }
  return { allowed: false, retryAfterS: Math.max(1, Math.ceil((endsAt - nowMs) / 1000)) }
}

/** Takes a try back: the code was a true one. */
export async function forgivePairingTry(db: CentreDb, caller: Caller): Promise<void> {
  const { tenantId, actor } = caller
  await inTenant(db, caller, (tx) =>
    tx
      .updateTable('pairing_limit')
      .set({ tries: sql<number>`greatest(tries - 1, 0)` })
      .where('tenant_id', '=', tenantId)
      .where('user_id', '=', actor.id)
      .execute(),
  )
}
