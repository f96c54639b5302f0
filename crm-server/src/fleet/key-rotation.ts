import { keyRotationText } from '@yizhan/contracts/station-order'
import { instantMs } from '@yizhan/contracts/time'
import { z } from 'zod'
import { recordAudit } from '../audit/audit.ts'
import type { CentreDb, TenantTx } from '../postgres/database.ts'
import { ring } from '../sync/bell.ts'
import { type OperationReused, once } from '../tenant/carried-out-once.ts'
import { type Caller, inScope, type Outcome } from '../tenant/tenant-scope.ts'
import { lockStationRow } from './fleet-store.ts'
import { isSignedBy, readStationKey } from './station-key.ts'

const dayMs = 24 * 3_600_000
/** A copy of a key that nobody noticed is worth a quarter of a year at most. */
const keyLivesMs = 90 * dayMs
/** A station that was killed between two steps, or is off over a weekend, still has its old key. */
const overlapMs = 7 * dayMs

const asked = z.strictObject({ askedAt: instantMs })

/** Whether a station should make itself a new key: its own is old, or an administrator asked. */
export async function isKeyRotationDue(
  tx: TenantTx,
  tenantId: string,
  stationId: string,
  nowMs: number,
): Promise<boolean> {
  const row = await tx
    .selectFrom('station')
    .select(['key_since', 'enrolled_at', 'rotation_asked_at'])
    .where('tenant_id', '=', tenantId)
    .where('station_id', '=', stationId)
    .executeTakeFirstOrThrow()
  return (
    nowMs >= keyRotationDueAt({ keySince: row.key_since ?? row.enrolled_at, rotationAskedAt: row.rotation_asked_at })
  )
}

/** When a new key is due: once the own is old, or from when an administrator asked for one. */
export function keyRotationDueAt({ keySince, rotationAskedAt }: { keySince: number; rotationAskedAt: number | null }) {
  return Math.min(keySince + keyLivesMs, rotationAskedAt ?? Number.POSITIVE_INFINITY)
}

/**
 * Makes a new key a station's own (密钥轮换); the one before is taken beside it for seven days. Only the current key may name
 * the next: who found an old one within those days gains nothing. A repeat gets the first answer again.
 */
export async function rotateStationKey(
  db: CentreDb,
  caller: Caller,
  rotation: { stationId: string; publicKey: string; proof: string; signedByCurrent: boolean },
): Promise<Outcome<{ oldKeyUntil: number }, 'key-invalid'>> {
  const { stationId } = rotation
  const key = readStationKey(rotation.publicKey)
  if (key === null) return { ok: false, error: 'key-invalid' }
  const text = keyRotationText({ tenantId: caller.tenantId, stationId, publicKey: key.publicKey })
  if (!isSignedBy(key.publicKey, text, rotation.proof)) return { ok: false, error: 'key-invalid' }
  return await inScope(db, caller, async (scope) => {
    const station = await lockStationRow(scope.tx, scope.tenantId, stationId)
    if (station?.public_key === key.publicKey && station.previous_key_until !== null) {
      return { ok: true, value: { oldKeyUntil: station.previous_key_until } }
    }
    if (station === undefined || !rotation.signedByCurrent) return { ok: false, error: 'key-invalid' }
    const oldKeyUntil = scope.nowMs + overlapMs
    await scope.tx
      .updateTable('station')
      .set({
        public_key: key.publicKey,
        key_fingerprint: key.fingerprint,
        key_since: new Date(scope.nowMs),
        previous_public_key: station.public_key,
        previous_key_until: new Date(oldKeyUntil),
        rotation_asked_at: null,
      })
      .where('tenant_id', '=', scope.tenantId)
      .where('station_id', '=', stationId)
      .execute()
    await recordAudit(scope, { action: 'station-key-rotated', objectKind: 'station', objectId: stationId })
    await ring(scope, 'stations')
    return { ok: true, value: { oldKeyUntil } }
  })
}

/** Asks a station for a new key; it hears of it with its next report. */
export async function askKeyRotation(
  db: CentreDb,
  caller: Caller,
  input: { stationId: string; operationId: string },
): Promise<Outcome<z.infer<typeof asked>, 'station-unknown' | OperationReused>> {
  const operation = { operationId: input.operationId, call: 'rotate-station-key', input, answer: asked }
  return await inScope(db, caller, (scope) =>
    once(scope, operation, async () => {
      const station = await lockStationRow(scope.tx, scope.tenantId, input.stationId)
      if (station === undefined || station.revoked_at !== null) return { ok: false, error: 'station-unknown' }
      await scope.tx
        .updateTable('station')
        .set({ rotation_asked_at: new Date(scope.nowMs) })
        .where('tenant_id', '=', scope.tenantId)
        .where('station_id', '=', input.stationId)
        .execute()
      await recordAudit(scope, { action: 'key-rotation-asked', objectKind: 'station', objectId: input.stationId })
      return { ok: true, value: { askedAt: scope.nowMs } }
    }),
  )
}
