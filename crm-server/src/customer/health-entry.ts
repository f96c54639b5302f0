import { type MadeEntry, madeEntry, type NewHealthEntry } from '@yizhan/contracts/customer'
import type { NewHealthItem, NewVisit } from '@yizhan/contracts/customer-record'
import { stateAfterVisit } from '@yizhan/rules/customer/person-state'
import { recordAudit } from '../audit/audit.ts'
import { momentOf } from '../postgres/database.ts'
import { type OperationReused, once } from '../tenant/carried-out-once.ts'
import { newId } from '../tenant/new-id.ts'
import type { Caller, Outcome, TenantScope } from '../tenant/tenant-scope.ts'
import { isOwnSite } from './customer.ts'
import { lockOpenPerson, type StoredPerson, updatePerson } from './customer-store.ts'
import { type CustomerDeps, inPersonScope } from './person-scope.ts'

/** Adds to what is known of the health of a person: an allergy, a history, a visit. */
export async function addHealthEntry(
  deps: Pick<CustomerDeps, 'db'>,
  caller: Caller,
  input: { personId: string; operationId: string; added: NewHealthEntry },
): Promise<Outcome<MadeEntry, 'person-unknown' | 'time-invalid' | 'site-unknown' | OperationReused>> {
  const { personId, operationId, added } = input
  if (added.entry === 'visit' && added.visit.endedAt !== null && added.visit.endedAt < added.visit.startedAt)
    return { ok: false, error: 'time-invalid' }
  const operation = { operationId, call: 'add-health', input, answer: madeEntry }
  return await inPersonScope(deps, caller, { resource: 'health-record', personIds: [personId] }, (scope) =>
    once(scope, operation, async () => {
      const person = await lockOpenPerson(scope, personId)
      if (person === null) return { ok: false, error: 'person-unknown' }
      if (added.entry === 'visit' && !(await isOwnSite(scope, added.visit.siteId)))
        return { ok: false, error: 'site-unknown' }
      const entryId =
        added.entry === 'health'
          ? await writeHealthItem(scope, personId, added.health)
          : await writeVisit(scope, person, added.visit)
      await recordAudit(scope, { action: `${added.entry}-added`, objectKind: 'person', objectId: personId })
      return { ok: true, value: { entryId } }
    }),
  )
}

async function writeHealthItem(scope: TenantScope, personId: string, item: NewHealthItem): Promise<string> {
  const itemId = newId(scope.nowMs)
  await scope.tx
    .insertInto('person_health_item')
    .values({
      tenant_id: scope.tenantId,
      item_id: itemId,
      person_id: personId,
      kind: item.kind,
      text: item.text,
      is_denied: item.isDenied,
      since: new Date(scope.nowMs),
      ended_at: null,
    })
    .execute()
  await updatePerson(scope, personId, {})
  return itemId
}

/** Writes a visit; the latest one decides whose person it is: department and doctor see their own. */
export async function writeVisit(scope: TenantScope, person: StoredPerson, visit: NewVisit): Promise<string> {
  const visitId = newId(scope.nowMs)
  const { tenantId } = scope
  await scope.tx
    .insertInto('visit')
    .values({
      tenant_id: tenantId,
      visit_id: visitId,
      person_id: person.person_id,
      kind: visit.kind,
      site_id: visit.siteId,
      department_id: visit.departmentId,
      department_name: visit.departmentName,
      doctor_staff_id: visit.doctorStaffId,
      doctor_name: visit.doctorName,
      started_at: new Date(visit.startedAt),
      ended_at: visit.endedAt === null ? null : new Date(visit.endedAt),
      icd_codes: visit.icdCodes,
      diagnosis: visit.diagnosis,
      orders: visit.orders,
      fee_fen: visit.feeFen,
      outcome: visit.outcome,
    })
    .execute()
  const later = await scope.tx
    .selectFrom('visit')
    .select('visit_id')
    .where('tenant_id', '=', tenantId)
    .where('person_id', '=', person.person_id)
    .where('started_at', '>', momentOf(visit.startedAt))
    .limit(1)
    .executeTakeFirst()
  const place = later === undefined ? { department_id: visit.departmentId, doctor_staff_id: visit.doctorStaffId } : {}
  await updatePerson(scope, person.person_id, { ...place, state: stateAfterVisit(person.state) })
  return visitId
}
