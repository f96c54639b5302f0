import type { LocalText } from '@yizhan/contracts/local-text'
import type { TenantScope } from '../tenant/tenant-scope.ts'

/** The name of a station. Throws when the hospital has none of this id. */
export async function stationNameOf({ tx, tenantId }: TenantScope, stationId: string): Promise<LocalText> {
  const row = await tx
    .selectFrom('station')
    .select('name')
    .where('tenant_id', '=', tenantId)
    .where('station_id', '=', stationId)
    .executeTakeFirstOrThrow()
  return row.name
}
