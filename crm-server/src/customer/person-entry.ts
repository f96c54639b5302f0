import { type MadeEntry, madeEntry, type NewEntry } from '@yizhan/contracts/customer'
import type { NewConsent, NewRelation } from '@yizhan/contracts/customer-record'
import { needsGuardian } from '@yizhan/rules/customer/visit-checklist'
import { hospitalCalendar } from '@yizhan/rules/working-time/hospital-time'
import { z } from 'zod'
import { recordAudit } from '../audit/audit.ts'
import { type OperationReused, once } from '../tenant/carried-out-once.ts'
import { newId } from '../tenant/new-id.ts'
import { hospitalOf } from '../tenant/tenant.ts'
import type { Caller, Outcome, TenantScope } from '../tenant/tenant-scope.ts'
import { lockOpenPerson, type StoredPerson, updatePerson } from './customer-store.ts'
import { noteDuplicates } from './duplicate.ts'
import { detailKeysOf, isDetailPlausible, keepDetail } from './person-detail.ts'
import { withoutSecrets } from './person-digest.ts'
import {
  endEntryRow,
  findRelation,
  insertConsent,
  insertInteraction,
  insertRelation,
  insertTag,
} from './person-entry-store.ts'
import { type CustomerDeps, inPersonScope, type NamedCaller } from './person-scope.ts'

/** Why nothing was added to a file. */
export type EntryRefusal =
  | 'person-unknown'
  | 'id-number-invalid'
  | 'other-person-unknown'
  | 'guardian-needed'
  | 'contact-refused'

/** Adds a detail, a relation, a consent, an interaction or a tag to the file of a person. */
export async function addEntry(
  deps: CustomerDeps,
  caller: NamedCaller,
  { personId, operationId, added }: { personId: string; operationId: string; added: NewEntry },
): Promise<Outcome<MadeEntry, EntryRefusal | OperationReused>> {
  if (added.entry === 'detail' && !isDetailPlausible(added.detail)) return { ok: false, error: 'id-number-invalid' }
  const input = { personId, added: withoutSecrets(deps.keys, caller.tenantId, added) }
  const operation = { operationId, call: 'add-entry', input, answer: madeEntry }
  return await inPersonScope(deps, caller, { resource: 'customer', personIds: [personId] }, (scope) =>
    once(scope, operation, async () => {
      const person = await lockOpenPerson(scope, personId)
      if (person === null) return { ok: false, error: 'person-unknown' }
      const outcome = await writeEntry({ ...scope, byName: caller.byName }, deps, person, added)
      if (!outcome.ok) return outcome
      await updatePerson(scope, personId, {})
      if (added.entry === 'detail') await noteDuplicates(scope, personId)
      await recordAudit(scope, { action: `${added.entry}-added`, objectKind: 'person', objectId: personId })
      return { ok: true, value: { entryId: outcome.value } }
    }),
  )
}

type NamedScope = TenantScope & NamedCaller
type Written = Outcome<string, EntryRefusal>

async function writeEntry(
  scope: NamedScope,
  { keys }: CustomerDeps,
  person: StoredPerson,
  added: NewEntry,
): Promise<Written> {
  const personId = person.person_id
  const entryId = newId(scope.nowMs)
  switch (added.entry) {
    case 'detail':
      return { ok: true, value: await keepDetail(scope, await detailKeysOf(keys, scope), personId, added.detail) }
    case 'relation':
      return await writeRelation(scope, { keys }, personId, added.relation)
    case 'consent':
      return await writeConsent(scope, person, added.consent)
    case 'interaction': {
      const isOver = person.state === 'deceased' || person.state === 'erased'
      if (isOver && added.interaction.direction === 'out') return { ok: false, error: 'contact-refused' }
      await insertInteraction(scope, personId, entryId, added.interaction)
      return { ok: true, value: entryId }
    }
    case 'tag':
      await insertTag(scope, personId, entryId, added.tag)
      return { ok: true, value: entryId }
  }
}

async function writeRelation(
  scope: TenantScope,
  { keys }: Pick<CustomerDeps, 'keys'>,
  personId: string,
  relation: NewRelation,
): Promise<Written> {
  const { otherPersonId } = relation
  if (otherPersonId === personId) return { ok: false, error: 'other-person-unknown' }
  if (otherPersonId !== null && (await lockOpenPerson(scope, otherPersonId)) === null)
    return { ok: false, error: 'other-person-unknown' }
  const { fields } = await detailKeysOf(keys, scope)
  return { ok: true, value: await insertRelation(scope, fields, personId, relation) }
}

/** Below fourteen a guardian who stands in the file speaks for the child; taking a consent back is anybody's right. */
async function writeConsent(scope: NamedScope, person: StoredPerson, consent: NewConsent): Promise<Written> {
  const { zone } = await hospitalOf(scope.tx, scope.tenantId)
  const today = hospitalCalendar(zone).dayOf(scope.nowMs)
  const { guardianRelationId } = consent
  const guardian = guardianRelationId === null ? null : await findRelation(scope, person.person_id, guardianRelationId)
  const speaks = guardian?.is_guardian === true && (guardian.valid_until === null || guardian.valid_until >= today)
  if (guardianRelationId !== null && !speaks) return { ok: false, error: 'guardian-needed' }
  if (consent.isGiven && guardianRelationId === null && needsGuardian(person.birth_date, today))
    return { ok: false, error: 'guardian-needed' }
  const consentId = newId(scope.nowMs)
  await insertConsent(scope, person.person_id, consentId, consent)
  return { ok: true, value: consentId }
}

/** Strikes a detail, a relation, a tag or an item of health out of a file; it stays in the history. */
export async function endEntry(
  deps: CustomerDeps,
  caller: Caller,
  input: { personId: string; entryId: string; entry: 'detail' | 'relation' | 'tag' | 'health'; operationId: string },
): Promise<Outcome<{ endedAt: number }, 'person-unknown' | 'entry-unknown' | OperationReused>> {
  const { personId, entry, entryId } = input
  const answer = z.strictObject({ endedAt: z.int() })
  const resource = entry === 'health' ? ('health-record' as const) : ('customer' as const)
  return await inPersonScope(deps, caller, { resource, personIds: [personId] }, (scope) =>
    once(scope, { operationId: input.operationId, call: 'end-entry', input, answer }, async () => {
      if ((await lockOpenPerson(scope, personId)) === null) return { ok: false, error: 'person-unknown' }
      if (!(await endEntryRow(scope, personId, { entry, entryId }))) return { ok: false, error: 'entry-unknown' }
      await updatePerson(scope, personId, {})
      if (entry === 'detail') await noteDuplicates(scope, personId)
      await recordAudit(scope, { action: `${entry}-ended`, objectKind: 'person', objectId: personId })
      return { ok: true, value: { endedAt: scope.nowMs } }
    }),
  )
}
