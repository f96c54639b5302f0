import { erasePatientBookings } from '../appointment/contact-erasure.ts'
import { recordAudit } from '../audit/audit.ts'
import { erasePersonFiles } from '../customer/person-erasure.ts'
import { type CentreDb, inTenant } from '../postgres/database.ts'
import { newId } from '../tenant/new-id.ts'
import { type Caller, inScope, type Outcome, type TenantScope } from '../tenant/tenant-scope.ts'
import type { ErasureList } from './erasure-list.ts'

/** Takes what makes a patient known out of one feature's rows and tells the stations; answers how many rows it was. */
type Eraser = (scope: TenantScope, patientKey: string) => Promise<number>

/** Every feature that holds something of a patient; a new one adds its line. */
const erasers: Readonly<Record<string, Eraser>> = {
  customer: erasePersonFiles,
  booking: erasePatientBookings,
}

/** Why a person was not erased. */
export type ErasureRefusal = 'person-unknown' | 'under-hold'

/** What erasing works with. */
export interface ErasureDeps {
  db: CentreDb
  list: ErasureList
}

/** Erases a person (删除个人信息): nothing that the centre keeps tells any more who it was. A standing legal hold wins. */
export async function erasePerson(
  { db, list }: ErasureDeps,
  caller: Caller,
  { patientKey, reason }: { patientKey: string; reason: string },
): Promise<Outcome<{ rows: number }, ErasureRefusal>> {
  const outcome = await inScope(db, caller, async (scope): Promise<Outcome<{ rows: number }, ErasureRefusal>> => {
    if (await isHeld(scope, patientKey)) return { ok: false, error: 'under-hold' }
    let rows = 0
    for (const erase of Object.values(erasers)) rows += await erase(scope, patientKey)
    if (rows === 0) return { ok: false, error: 'person-unknown' }
    await scope.tx
      .insertInto('erasure')
      .values({
        tenant_id: scope.tenantId,
        patient_key: patientKey,
        reason,
        done_at: new Date(scope.nowMs),
        done_by: scope.actor.id,
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    await recordAudit(scope, { action: 'person-erased', objectKind: 'patient', objectId: patientKey, reason })
    return { ok: true, value: { rows } }
  })
  // After the commit: a list that names somebody who is still there would erase them at the next restore.
  if (outcome.ok) await list.append({ tenantId: caller.tenantId, patientKey, reason })
  return outcome
}

/** Erases again whom a restored copy has brought back; answers how many. */
export async function replayErasures(deps: ErasureDeps, nowMs: number): Promise<number> {
  let replayed = 0
  for (const { tenantId, patientKey, reason } of await deps.list.read()) {
    const done = await inTenant(deps.db, tenantId, (tx) =>
      tx
        .selectFrom('erasure')
        .select('patient_key')
        .where('tenant_id', '=', tenantId)
        .where('patient_key', '=', patientKey)
        .executeTakeFirst(),
    )
    if (done !== undefined) continue
    const actor = { kind: 'system' as const, id: 'erasure-list', requestId: newId(nowMs) }
    const again = await erasePerson(deps, { tenantId, nowMs, actor }, { patientKey, reason })
    if (again.ok) replayed += 1
  }
  return replayed
}

async function isHeld({ tx, tenantId }: TenantScope, patientKey: string): Promise<boolean> {
  const hold = await tx
    .selectFrom('legal_hold')
    .select('hold_id')
    .where('tenant_id', '=', tenantId)
    .where('patient_key', '=', patientKey)
    .where('lifted_at', 'is', null)
    .executeTakeFirst()
  return hold !== undefined
}
