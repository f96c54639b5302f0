import type { StationAlarm } from '@yizhan/contracts/fleet'
import { sql } from 'kysely'
import type { TenantTx } from '../postgres/database.ts'
import type { TenantScope } from '../tenant/tenant-scope.ts'

/** Writes an alarm down; false when it is there already. */
export async function insertAlarm(
  { tx, tenantId, nowMs }: TenantScope,
  alarm: Pick<StationAlarm, 'alarmId' | 'kind' | 'detail'> & { stationId: string },
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('station_alarm')
    .values({
      tenant_id: tenantId,
      alarm_id: alarm.alarmId,
      station_id: alarm.stationId,
      kind: alarm.kind,
      detail: JSON.stringify(alarm.detail),
      raised_at: new Date(nowMs),
      acknowledged_at: null,
      acknowledged_by: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

/** The alarms of every station that nobody has acknowledged, the oldest first. */
export async function readOpenAlarms(tx: TenantTx, tenantId: string) {
  return await tx
    .selectFrom('station_alarm')
    .select(['station_id', 'alarm_id', 'kind', 'detail', 'raised_at'])
    .where('tenant_id', '=', tenantId)
    .where('acknowledged_at', 'is', null)
    .orderBy('raised_at')
    .orderBy('alarm_id')
    .execute()
}

/** When an alarm was acknowledged: now, or the earlier time when it already was; null when there is no such alarm. */
export async function acknowledgeAlarmRow(
  { tx, tenantId, nowMs, actor }: TenantScope,
  { stationId, alarmId }: { stationId: string; alarmId: string },
): Promise<number | null> {
  const row = await tx
    .updateTable('station_alarm')
    .set({
      acknowledged_at: sql<Date>`coalesce(acknowledged_at, ${new Date(nowMs)})`,
      acknowledged_by: sql<string>`coalesce(acknowledged_by, ${actor.id})`,
    })
    .where('tenant_id', '=', tenantId)
    .where('station_id', '=', stationId)
    .where('alarm_id', '=', alarmId)
    .returning('acknowledged_at')
    .executeTakeFirst()
  return row?.acknowledged_at ?? null
}
