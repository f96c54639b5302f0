import type { NewPerson } from '@yizhan/contracts/customer'
import type { NewDetail, PersonCore, PersonState } from '@yizhan/contracts/customer-record'
import { nextPersonStates } from '@yizhan/rules/customer/person-state'
import { z } from 'zod'
import { recordAudit } from '../audit/audit.ts'
import { type OperationReused, once } from '../tenant/carried-out-once.ts'
import { newId } from '../tenant/new-id.ts'
import { sitesOf } from '../tenant/tenant.ts'
import { type Caller, inScope, type Outcome, type TenantScope } from '../tenant/tenant-scope.ts'
import { columnsOf, insertPerson, lockOpenPerson, updatePerson } from './customer-store.ts'
import { noteDuplicates } from './duplicate.ts'
import { type DetailKeys, detailKeysOf, isDetailPlausible, keepDetail } from './person-detail.ts'
import { withoutSecrets } from './person-digest.ts'
import { type CustomerDeps, inPersonScope, overPersons } from './person-scope.ts'

/** What is known of a person from the start. */
export type PersonDraft = Omit<NewPerson, 'details'> & { details: readonly NewDetail[]; state: PersonState }

/** Opens the file of a person (建档); a repeat of the operation gets the same one. */
export async function createPerson(
  { db, keys }: CustomerDeps,
  caller: Caller,
  { operationId, ...asked }: NewPerson & { operationId: string },
): Promise<Outcome<{ personId: string }, 'id-number-invalid' | 'site-unknown' | OperationReused>> {
  if (!asked.details.every(isDetailPlausible)) return { ok: false, error: 'id-number-invalid' }
  const answer = z.strictObject({ personId: z.string() })
  const input = withoutSecrets(keys, caller.tenantId, asked)
  return await inScope(db, overPersons(caller), (scope) =>
    once(scope, { operationId, call: 'create-person', input, answer }, async () => {
      if (!(await isOwnSite(scope, asked.siteId))) return { ok: false, error: 'site-unknown' }
      const detailKeys = await detailKeysOf(keys, scope)
      return { ok: true, value: { personId: await openFile(scope, detailKeys, { ...asked, state: 'registered' }) } }
    }),
  )
}

/** Writes a new file with its details, and looks for others that may be of the same person. */
export async function openFile(scope: TenantScope, keys: DetailKeys, draft: PersonDraft): Promise<string> {
  const personId = newId(scope.nowMs)
  await insertPerson(scope, {
    person_id: personId,
    name: draft.name.normalize('NFC'),
    sex: draft.sex ?? 'unknown',
    birth_date: draft.birthDate ?? null,
    occupation: draft.occupation ?? null,
    interests: draft.interests ?? [],
    habits: draft.habits ?? [],
    state: draft.state,
    source: draft.source,
    site_id: draft.siteId ?? null,
    department_id: null,
    doctor_staff_id: null,
    carer_staff_id: draft.carerStaffId ?? null,
    merged_into: null,
  })
  for (const detail of draft.details) await keepDetail(scope, keys, personId, detail)
  await noteDuplicates(scope, personId)
  await recordAudit(scope, { action: 'person-created', objectKind: 'person', objectId: personId })
  return personId
}

/** What of a file is changed, and to which version of it. */
type PersonChange = { [Field in keyof PersonCore]?: PersonCore[Field] | undefined } & {
  state?: PersonState | undefined
  personId: string
  version: number
  operationId: string
}

/** Why nothing of a file was changed. */
export type ChangeRefusal = 'person-unknown' | 'person-changed' | 'state-not-next' | 'site-unknown'

/** Changes what is written of a person, if nobody else did since it was read. */
export async function changePerson(
  deps: CustomerDeps,
  caller: Caller,
  input: PersonChange,
): Promise<Outcome<{ version: number }, ChangeRefusal | OperationReused>> {
  const { personId, version, operationId, ...fields } = input
  const answer = z.strictObject({ version: z.int() })
  return await inPersonScope(deps, caller, { resource: 'customer', personIds: [personId] }, (scope) =>
    once(scope, { operationId, call: 'change-person', input, answer }, async () => {
      const person = await lockOpenPerson(scope, personId)
      if (person === null) return { ok: false, error: 'person-unknown' }
      if (person.version !== version) return { ok: false, error: 'person-changed' }
      const { state } = fields
      if (state !== undefined && state !== person.state && !nextPersonStates(person.state).includes(state))
        return { ok: false, error: 'state-not-next' }
      if (!(await isOwnSite(scope, fields.siteId))) return { ok: false, error: 'site-unknown' }
      const changed = await updatePerson(scope, personId, columnsOf(fields))
      await noteDuplicates(scope, personId)
      await recordAudit(scope, { action: 'person-changed', objectKind: 'person', objectId: personId })
      return { ok: true, value: { version: changed } }
    }),
  )
}

/** Whether a site is one of the hospital's; none at all is no wrong one. */
export async function isOwnSite(
  { tx, tenantId }: Pick<TenantScope, 'tx' | 'tenantId'>,
  siteId: string | null | undefined,
): Promise<boolean> {
  return siteId === null || siteId === undefined || (await sitesOf(tx, tenantId)).some((site) => site.siteId === siteId)
}
