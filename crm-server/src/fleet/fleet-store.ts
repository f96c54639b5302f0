import { type Insertable, sql } from 'kysely'
import type { TenantTx } from '../postgres/database.ts'
import type { CentreTables } from '../postgres/tables.ts'
import type { TenantScope } from '../tenant/tenant-scope.ts'

/** Every station with its campus, in the order of letters. */
export async function readStations(tx: TenantTx, tenantId: string) {
  return await tx
    .selectFrom('station')
    .innerJoin('site', (join) =>
      join.onRef('site.tenant_id', '=', 'station.tenant_id').onRef('site.site_id', '=', 'station.site_id'),
    )
    .selectAll('station')
    .select((row) => [
      'site.name as site_name',
      row
        .selectFrom('station as next')
        .select('next.station_id')
        .whereRef('next.tenant_id', '=', 'station.tenant_id')
        .whereRef('next.replaces', '=', 'station.station_id')
        .limit(1)
        .as('replaced_by'),
    ])
    .where('station.tenant_id', '=', tenantId)
    .orderBy('station.letter')
    .orderBy('station.enrolled_at')
    .execute()
}

/** Writes an enrolled station; false when the id is already there or a working station has the letter. */
export async function insertStation(tx: TenantTx, station: Insertable<CentreTables['station']>): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('station')
    .values(station)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

/** When the last station with this letter was revoked; null when none ever was. */
export async function readLastRevocation(tx: TenantTx, tenantId: string, letter: string): Promise<number | null> {
  const row = await tx
    .selectFrom('station')
    .select('revoked_at')
    .where('tenant_id', '=', tenantId)
    .where('letter', '=', letter)
    .where('revoked_at', 'is not', null)
    .orderBy('revoked_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.revoked_at ?? null
}

/** When a station was revoked: now, or the earlier time when it already was; null when there is no such station. */
export async function revokeStationRow(scope: TenantScope, stationId: string, reason: string): Promise<number | null> {
  const revoked = await scope.tx
    .updateTable('station')
    .set({
      revoked_at: sql<Date>`coalesce(revoked_at, ${new Date(scope.nowMs)})`,
      revoke_reason: sql<string>`coalesce(revoke_reason, ${reason})`,
    })
    .where('tenant_id', '=', scope.tenantId)
    .where('station_id', '=', stationId)
    .returning('revoked_at')
    .executeTakeFirst()
  return revoked?.revoked_at ?? null
}

/** A whole station that nobody else changes until this transaction ends; undefined when there is none. */
export async function lockStationRow(tx: TenantTx, tenantId: string, stationId: string) {
  return await tx
    .selectFrom('station')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('station_id', '=', stationId)
    .forUpdate()
    .executeTakeFirst()
}

/** Name, campus and letter of a station; undefined when there is none under this id. */
export async function readStationPlace(tx: TenantTx, tenantId: string, stationId: string) {
  return await tx
    .selectFrom('station')
    .select(['name as stationName', 'site_id as siteId', 'letter as stationLetter', 'least_epoch as leastEpoch'])
    .where('tenant_id', '=', tenantId)
    .where('station_id', '=', stationId)
    .executeTakeFirst()
}
