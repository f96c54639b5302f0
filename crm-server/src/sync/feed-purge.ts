import { type CentreLoop, startCentreLoop } from '../centre-loop.ts'
import { type CentreDb, inTenant, momentOf, tenantIds } from '../postgres/database.ts'
import { feedKeptMs } from './station-feed.ts'

const purgeEveryMs = 3_600_000

/** Drops noted changes that no living cursor can still ask for, every hour. */
export function startFeedPurge(deps: {
  db: CentreDb
  now: () => number
  onFault: (error: unknown) => void
}): CentreLoop {
  return startCentreLoop({ everyMs: purgeEveryMs, onFault: deps.onFault, work: () => purgeFeed(deps.db, deps.now()) })
}

/** Drops the noted changes of every hospital that are older than the feed keeps them. */
export async function purgeFeed(db: CentreDb, nowMs: number): Promise<void> {
  for (const tenantId of await tenantIds(db)) {
    await inTenant(db, tenantId, (tx) =>
      tx
        .deleteFrom('feed_change')
        .where('tenant_id', '=', tenantId)
        .where('changed_at', '<', momentOf(nowMs - feedKeptMs))
        .execute(),
    )
  }
}
