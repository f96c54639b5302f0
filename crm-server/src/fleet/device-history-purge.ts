import { type CentreLoop, startCentreLoop } from '../centre-loop.ts'
import { type CentreDb, inTenant, momentOf, tenantIds } from '../postgres/database.ts'

const purgeEveryMs = 3_600_000

/** Faults that come back do so within weeks; a month of changes shows them, and bounds what flapping devices fill. */
const keptMs = 30 * 24 * 3_600_000

/** Drops changes of devices that are older than 30 days, every hour. */
export function startDeviceHistoryPurge(deps: {
  db: CentreDb
  now: () => number
  onFault: (error: unknown) => void
}): CentreLoop {
  const work = () => purgeDeviceHistory(deps.db, deps.now())
  return startCentreLoop({ everyMs: purgeEveryMs, onFault: deps.onFault, work })
}

/** Drops every hospital's changes of devices that were received more than 30 days ago. */
export async function purgeDeviceHistory(db: CentreDb, nowMs: number): Promise<void> {
  for (const tenantId of await tenantIds(db)) {
    await inTenant(db, tenantId, (tx) =>
      tx
        .deleteFrom('device_change')
        .where('tenant_id', '=', tenantId)
        .where('received_at', '<', momentOf(nowMs - keptMs))
        .execute(),
    )
  }
}
