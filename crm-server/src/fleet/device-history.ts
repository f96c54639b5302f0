import type { DeviceChange } from '@yizhan/contracts/device'
import { tenantOf, type Who } from '../access/reach.ts'
import { type CentreDb, inTenant } from '../postgres/database.ts'
import { ring } from '../sync/bell.ts'
import type { Outcome, TenantScope } from '../tenant/tenant-scope.ts'
import { insertDeviceChanges, readDeviceChanges } from './device-history-store.ts'
import { readStationPlace } from './fleet-store.ts'

/** As many as the contract lets an answer hold: some days of a station that is well, the last hours of one that is not. */
const newestShown = 200

/**
 * Keeps what a station tells of its devices, each change once by its id, and answers how many were new. Telemetry is a
 * state, not a deed: it leaves no audit row.
 */
export async function keepDeviceChanges(
  scope: TenantScope,
  stationId: string,
  changes: readonly DeviceChange[],
): Promise<number> {
  const stored = await insertDeviceChanges(scope, stationId, changes)
  if (stored > 0) await ring(scope, 'stations')
  return stored
}

/** The newest changes of a station's devices, newest first. */
export async function listDeviceChanges(
  db: CentreDb,
  who: Who,
  stationId: string,
): Promise<Outcome<DeviceChange[], 'station-unknown'>> {
  const tenantId = tenantOf(who)
  return await inTenant(db, who, async (tx) => {
    if ((await readStationPlace(tx, tenantId, stationId)) === undefined) return { ok: false, error: 'station-unknown' }
    return { ok: true, value: await readDeviceChanges(tx, tenantId, stationId, newestShown) }
  })
}
