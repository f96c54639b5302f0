import { randomBytes } from 'node:crypto'
import { type CentreDb, inTenant } from '../postgres/database.ts'
import { type FieldKeyRing, fieldKeysOf } from '../tenant/field-keys.ts'
import { lockStationRow } from './fleet-store.ts'

/**
 * The centre's half of the database key of a station of the *strict* profile, 32 bytes in base64: drawn when it is first asked
 * for, sealed in the database, and the same for ever, for the station's data opens with no other.
 */
export async function databaseKeyHalf(
  { db, keys }: { db: CentreDb; keys: FieldKeyRing },
  tenantId: string,
  stationId: string,
): Promise<string> {
  const place = { tenantId, table: 'station', column: 'boot_key_sealed', rowId: stationId }
  return await inTenant(db, tenantId, async (tx) => {
    const station = await lockStationRow(tx, tenantId, stationId)
    if (station === undefined) throw new Error('no such station')
    const fields = await fieldKeysOf(keys, { tx, tenantId })
    if (station.boot_key_sealed !== null) return fields.open(place, station.boot_key_sealed)
    const half = randomBytes(32).toString('base64')
    await tx
      .updateTable('station')
      .set({ boot_key_sealed: fields.seal(place, half) })
      .where('tenant_id', '=', tenantId)
      .where('station_id', '=', stationId)
      .execute()
    return half
  })
}
