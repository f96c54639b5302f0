import { sign } from 'node:crypto'
import { type SignedWipeOrder, type WipeOrder, wipeOrder } from '@yizhan/contracts/station-order'
import { recordAudit } from '../audit/audit.ts'
import { type CentreDb, inTenant, type TenantTx } from '../postgres/database.ts'
import { ring } from '../sync/bell.ts'
import type { KeyRing } from '../tenant/key-ring.ts'
import { newId } from '../tenant/new-id.ts'
import { type Caller, inScope, type Outcome, type TenantScope } from '../tenant/tenant-scope.ts'
import { lockStationRow } from './fleet-store.ts'

/** When a station destroys its data: at once, or after its unsent events are up. */
export type WipeMoment = 'at-once' | 'after-upload'

/** Signs the order to one station to destroy what it holds (清除指令). */
export async function signWipeOrder(
  keys: Pick<KeyRing, 'orderKey'>,
  { tenantId, nowMs }: Pick<Caller, 'tenantId' | 'nowMs'>,
  { stationId, wipe }: { stationId: string; wipe: WipeMoment },
): Promise<SignedWipeOrder> {
  const order: WipeOrder = {
    order: 'wipe',
    orderId: newId(nowMs),
    tenantId,
    stationId,
    uploadFirst: wipe === 'after-upload',
    issuedAt: nowMs,
  }
  const text = JSON.stringify(order)
  const { privateKey } = await keys.orderKey(tenantId)
  return { text, signature: sign(null, Buffer.from(text), privateKey).toString('base64') }
}

/** Lays an order to wipe out for a revoked station; the first one stays. */
export async function layOutWipeOrder(scope: TenantScope, stationId: string, order: SignedWipeOrder): Promise<void> {
  const laid = await scope.tx
    .updateTable('station')
    .set({ wipe_order: JSON.stringify(order) })
    .where('tenant_id', '=', scope.tenantId)
    .where('station_id', '=', stationId)
    .where('wipe_order', 'is', null)
    .executeTakeFirst()
  if (laid.numUpdatedRows === 0n) return
  await recordAudit(scope, { action: 'station-wipe-ordered', objectKind: 'station', objectId: stationId })
}

/** The order that waits for a station; null when there is none, or it is carried out. */
export async function readWipeOrder(
  db: CentreDb,
  tenantId: string,
  stationId: string,
): Promise<{ signed: SignedWipeOrder; order: WipeOrder } | null> {
  return await inTenant(db, tenantId, (tx) => openOrder(tx, tenantId, stationId))
}

/** Whether a revoked station may still bring its unsent events. */
export async function mayStillUpload(db: CentreDb, tenantId: string, stationId: string): Promise<boolean> {
  return (await readWipeOrder(db, tenantId, stationId))?.order.uploadFirst === true
}

/** Notes that a station has carried its order out. A repeat gets the first time again; another order's id changes nothing. */
export async function confirmWipe(
  db: CentreDb,
  caller: Caller,
  { stationId, orderId }: { stationId: string; orderId: string },
): Promise<Outcome<{ wipedAt: number }, 'signature-invalid'>> {
  return await inScope(db, caller, async (scope) => {
    const station = await lockStationRow(scope.tx, scope.tenantId, stationId)
    const order = station?.wipe_order == null ? null : wipeOrder.parse(JSON.parse(station.wipe_order.text))
    if (station === undefined || order?.orderId !== orderId) return { ok: false, error: 'signature-invalid' }
    if (station.wiped_at !== null) return { ok: true, value: { wipedAt: station.wiped_at } }
    await scope.tx
      .updateTable('station')
      .set({ wiped_at: new Date(scope.nowMs) })
      .where('tenant_id', '=', scope.tenantId)
      .where('station_id', '=', stationId)
      .execute()
    await recordAudit(scope, { action: 'station-wiped', objectKind: 'station', objectId: stationId })
    await ring(scope, 'stations')
    return { ok: true, value: { wipedAt: scope.nowMs } }
  })
}

async function openOrder(tx: TenantTx, tenantId: string, stationId: string) {
  const row = await tx
    .selectFrom('station')
    .select(['wipe_order as signed'])
    .where('tenant_id', '=', tenantId)
    .where('station_id', '=', stationId)
    .where('wiped_at', 'is', null)
    .executeTakeFirst()
  if (row?.signed == null) return null
  return { signed: row.signed, order: wipeOrder.parse(JSON.parse(row.signed.text)) }
}
