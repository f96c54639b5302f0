import { type CentreDb, inTenant, momentOf } from '../postgres/database.ts'
import { feedKeptMs } from './station-feed.ts'

/** Drops the noted changes of a hospital that no living cursor can still ask for: older than the feed keeps them. */
export async function purgeFeed(db: CentreDb, tenantId: string, nowMs: number): Promise<void> {
  await inTenant(db, tenantId, (tx) =>
    tx
      .deleteFrom('feed_change')
      .where('tenant_id', '=', tenantId)
      .where('changed_at', '<', momentOf(nowMs - feedKeptMs))
      .execute(),
  )
}
