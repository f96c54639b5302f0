import type { DeviceChange } from '@yizhan/contracts/device'
import type { TenantTx } from '../postgres/database.ts'
import type { TenantScope } from '../tenant/tenant-scope.ts'

/** Writes the changes that are not there yet and answers how many those were. */
export async function insertDeviceChanges(
  scope: TenantScope,
  stationId: string,
  changes: readonly DeviceChange[],
): Promise<number> {
  const rows = changes.map((change) => ({
    tenant_id: scope.tenantId,
    station_id: stationId,
    change_id: change.changeId,
    device_id: change.deviceId,
    kind: change.kind,
    phase: change.phase,
    reasons: change.reasons,
    evidence: change.evidence ?? null,
    source: change.source,
    seq: change.seq,
    changed_at: new Date(change.since),
    received_at: new Date(scope.nowMs),
  }))
  const { numInsertedOrUpdatedRows } = await scope.tx
    .insertInto('device_change')
    .values(rows)
    .onConflict((conflict) => conflict.columns(['tenant_id', 'station_id', 'change_id']).doNothing())
    .executeTakeFirst()
  return Number(numInsertedOrUpdatedRows ?? 0)
}

/** The newest changes of a station's devices, newest first. */
export async function readDeviceChanges(
  tx: TenantTx,
  tenantId: string,
  stationId: string,
  max: number,
): Promise<DeviceChange[]> {
  const rows = await tx
    .selectFrom('device_change')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('station_id', '=', stationId)
    .orderBy('changed_at', 'desc')
    .orderBy('change_id', 'desc')
    .limit(max)
    .execute()
  return rows.map((row) => ({
    changeId: row.change_id,
    deviceId: row.device_id,
    kind: row.kind,
    phase: row.phase,
    reasons: row.reasons,
    since: row.changed_at,
    seq: row.seq,
    source: row.source,
    ...(row.evidence === null ? {} : { evidence: row.evidence }),
  }))
}
