import { type CentreDb, inTenant, momentOf } from '../postgres/database.ts'

/** Faults that come back do so within weeks; a month of changes shows them, and bounds what flapping devices fill. */
const keptMs = 30 * 24 * 3_600_000

/** Drops a hospital's changes of devices that were received more than 30 days ago. */
export async function purgeDeviceHistory(db: CentreDb, tenantId: string, nowMs: number): Promise<void> {
  await inTenant(db, tenantId, (tx) =>
    tx
      .deleteFrom('device_change')
      .where('tenant_id', '=', tenantId)
      .where('received_at', '<', momentOf(nowMs - keptMs))
      .execute(),
  )
}
