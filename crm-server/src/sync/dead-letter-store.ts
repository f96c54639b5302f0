import type { TenantTx } from '../postgres/database.ts'
import type { TenantScope } from '../tenant/tenant-scope.ts'

const setAsideStates = ['parked', 'failed'] as const

/** How many events of each station are set aside, and since when. */
export async function countSetAside(tx: TenantTx, tenantId: string) {
  return await tx
    .selectFrom('inbox')
    .select(({ fn }) => [
      'station_id',
      fn.countAll<number>().filterWhere('state', '=', 'parked').as('parked'),
      fn.countAll<number>().filterWhere('state', '=', 'failed').as('failed'),
      fn.min('received_at').as('since'),
    ])
    .where('tenant_id', '=', tenantId)
    .where('state', 'in', setAsideStates)
    .groupBy('station_id')
    .execute()
}

/** Whether the hospital has, or had, a station of this id. */
export async function isStation(tx: TenantTx, tenantId: string, stationId: string): Promise<boolean> {
  const row = await tx
    .selectFrom('station')
    .select('station_id')
    .where('tenant_id', '=', tenantId)
    .where('station_id', '=', stationId)
    .executeTakeFirst()
  return row !== undefined
}

/** The events of a station that are set aside, the oldest first. */
export async function readSetAside(tx: TenantTx, tenantId: string, stationId: string, most: number) {
  return await tx
    .selectFrom('inbox')
    .select(['event_id', 'type', 'schema_version', 'occurred_at', 'received_at', 'state', 'reason', 'body'])
    .where('tenant_id', '=', tenantId)
    .where('station_id', '=', stationId)
    .where('state', 'in', setAsideStates)
    .orderBy('received_at')
    .orderBy('epoch')
    .orderBy('seq')
    .limit(most)
    .execute()
}

/** Makes every event of a station that is set aside due again; how many there were. */
export async function reopenSetAside({ tx, tenantId, nowMs }: TenantScope, stationId: string): Promise<number> {
  const { numUpdatedRows } = await tx
    .updateTable('inbox')
    .set({ state: 'pending', attempts: 0, next_try_at: new Date(nowMs) })
    .where('tenant_id', '=', tenantId)
    .where('station_id', '=', stationId)
    .where('state', 'in', setAsideStates)
    .executeTakeFirst()
  return Number(numUpdatedRows)
}

/** Settles an event that is set aside, with a reason; false when this station has no such event. */
export async function settleSetAsideRow(
  { tx, tenantId, nowMs, actor }: TenantScope,
  { stationId, eventId, reason }: { stationId: string; eventId: string; reason: string },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('inbox')
    .set({ state: 'settled', settled_at: new Date(nowMs), settled_by: actor.id, settled_reason: reason })
    .where('tenant_id', '=', tenantId)
    .where('station_id', '=', stationId)
    .where('event_id', '=', eventId)
    .where('state', 'in', setAsideStates)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}
