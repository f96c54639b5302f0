import { setTimeout as sleep } from 'node:timers/promises'
import { type CentreDb, inTenant, momentOf, tenantIds } from '../postgres/database.ts'
import { feedKeptMs } from './station-feed.ts'

const purgeEveryMs = 3_600_000

/** Drops noted changes that no living cursor can still ask for. */
export function startFeedPurge(deps: { db: CentreDb; now: () => number; onFault: (error: unknown) => void }): {
  stop(): Promise<void>
} {
  const stopped = new AbortController()
  const running = (async () => {
    while (!stopped.signal.aborted) {
      await purgeFeed(deps.db, deps.now()).catch(deps.onFault)
      await sleep(purgeEveryMs, undefined, { signal: stopped.signal }).catch(() => undefined)
    }
  })()
  return {
    async stop() {
      stopped.abort()
      await running
    },
  }
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
