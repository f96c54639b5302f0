import { recordAudit } from '../audit/audit.ts'
import type { CentreDb } from '../postgres/database.ts'
import { newId } from '../tenant/new-id.ts'
import { type Caller, inScope, type Outcome } from '../tenant/tenant-scope.ts'

/** Places a legal hold (法律保全) on a patient: nothing of them goes until it is lifted. */
export async function placeHold(
  db: CentreDb,
  caller: Caller,
  { patientKey, reason }: { patientKey: string; reason: string },
): Promise<Outcome<{ holdId: string }, never>> {
  return await inScope(db, caller, async (scope) => {
    const holdId = newId(scope.nowMs)
    await scope.tx
      .insertInto('legal_hold')
      .values({
        tenant_id: scope.tenantId,
        hold_id: holdId,
        patient_key: patientKey,
        reason,
        placed_at: new Date(scope.nowMs),
        placed_by: scope.actor.id,
        lifted_at: null,
        lifted_by: null,
      })
      .execute()
    await recordAudit(scope, { action: 'hold-placed', objectKind: 'patient', objectId: patientKey, reason })
    return { ok: true, value: { holdId } }
  })
}

/** Lifts every standing hold on a patient. */
export async function liftHolds(
  db: CentreDb,
  caller: Caller,
  { patientKey, reason }: { patientKey: string; reason: string },
): Promise<Outcome<{ lifted: number }, 'no-hold'>> {
  return await inScope(db, caller, async (scope) => {
    const { numUpdatedRows } = await scope.tx
      .updateTable('legal_hold')
      .set({ lifted_at: new Date(scope.nowMs), lifted_by: scope.actor.id })
      .where('tenant_id', '=', scope.tenantId)
      .where('patient_key', '=', patientKey)
      .where('lifted_at', 'is', null)
      .executeTakeFirst()
    if (numUpdatedRows === 0n) return { ok: false, error: 'no-hold' }
    await recordAudit(scope, { action: 'hold-lifted', objectKind: 'patient', objectId: patientKey, reason })
    return { ok: true, value: { lifted: Number(numUpdatedRows) } }
  })
}
