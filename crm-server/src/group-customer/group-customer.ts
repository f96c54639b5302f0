import type {
  GroupFields,
  GroupFile,
  GroupRelation,
  GroupRow,
  NewCheckupResult,
  NewGroupContact,
} from '@yizhan/contracts/group-customer'
import { z } from 'zod'
import { fieldMask } from '../access/field-mask.ts'
import { recordAudit, recordRead } from '../audit/audit.ts'
import { withoutSecrets } from '../customer/person-digest.ts'
import { type CustomerDeps, overPersons, reachesPersons } from '../customer/person-scope.ts'
import { inTenant } from '../postgres/database.ts'
import { type OperationReused, once } from '../tenant/carried-out-once.ts'
import { type FieldKeys, fieldKeysOf } from '../tenant/field-keys.ts'
import { newId } from '../tenant/new-id.ts'
import { type Caller, inScope, type Outcome, type TenantScope } from '../tenant/tenant-scope.ts'
import {
  endGroupEntry,
  findGroup,
  insertGroup,
  insertMember,
  insertResults,
  lockGroup,
  readContacts,
  readGroups,
  readMembers,
  readResults,
  updateGroup,
} from './group-customer-store.ts'

/** The groups of the hospital (团体客户) by name. */
export async function listGroups(
  { db }: Pick<CustomerDeps, 'db'>,
  caller: Caller,
  { relation }: { relation?: GroupRelation | undefined },
): Promise<GroupRow[]> {
  const mask = fieldMask(caller, 'group-customer')
  const rows = await inTenant(db, caller, async (tx) => {
    const groups = await readGroups(tx, caller.tenantId, relation)
    const read = { action: 'groups-listed', objectKind: 'group-list', objectId: caller.tenantId }
    await recordRead(tx, caller, { ...read, shown: groups.map((row) => row.group_id) })
    return groups
  })
  return rows.map((row) => ({
    groupId: row.group_id,
    name: row.name,
    relation: row.relation,
    business: row.business,
    headcount: row.headcount,
    memberCount: row.member_count ?? 0,
    contactShown: row.contact_name === null ? null : mask('name', row.contact_name),
  }))
}

/** A group with its contacts, people and results, as its reader may see them. */
export async function readGroupFile(
  { db, keys }: CustomerDeps,
  caller: Caller,
  groupId: string,
): Promise<Outcome<GroupFile, 'group-unknown'>> {
  const { tenantId } = caller
  return await inTenant(db, caller, async (tx): Promise<Outcome<GroupFile, 'group-unknown'>> => {
    const group = await findGroup(tx, tenantId, groupId)
    if (group === null) return { ok: false, error: 'group-unknown' }
    const fields = await fieldKeysOf(keys, { tx, tenantId })
    const [mask, personMask] = [fieldMask(caller, 'group-customer'), fieldMask(caller, 'customer')]
    const members = await readMembers(tx, tenantId, groupId)
    const personIds = members.map((row) => row.person_id)
    const read = { action: 'group-read', objectKind: 'group-customer', objectId: groupId }
    await recordRead(tx, caller, { ...read, shown: personIds })
    const seesHealth = await reachesPersons(tx, tenantId, { resource: 'health-record', personIds })
    const results = seesHealth ? await readResults(tx, tenantId, groupId) : null
    const contacts = await readContacts(tx, tenantId, groupId)
    return {
      ok: true,
      value: {
        groupId,
        version: group.version,
        ...fieldsOf(group),
        contacts: contacts.map((row) => ({
          contactId: row.contact_id,
          nameShown: mask('name', row.name),
          role: row.role,
          post: row.post,
          email: row.email,
          phoneShown: contactPhone(fields, row, (phone) => mask('phone', phone)),
        })),
        members: members.map((row) => ({
          memberId: row.member_id,
          personId: row.person_id,
          nameShown: personMask('name', row.name),
          since: row.since,
        })),
        results:
          results?.map((row) => ({
            resultId: row.result_id,
            personId: row.person_id,
            nameShown: personMask('name', row.name),
            checkedOn: row.checked_on,
            item: row.item,
            value: row.value,
            unit: row.unit,
            flag: row.flag,
            advice: row.advice,
          })) ?? null,
      },
    }
  })
}

function contactPhone(
  fields: FieldKeys,
  row: { tenant_id: string; contact_id: string; phone_sealed: Buffer | null },
  shown: (phone: string) => string,
): string | null {
  return row.phone_sealed === null
    ? null
    : shown(fields.open(contactPhonePlace(row.tenant_id, row.contact_id), row.phone_sealed))
}

function fieldsOf(group: GroupFields): GroupFields {
  const { name, address, phone, fax, website, email, manager, business, headcount, relation, opportunities } = group
  return { name, address, phone, fax, website, email, manager, business, headcount, relation, opportunities }
}

/** Writes a group down. */
export async function createGroup(
  { db }: Pick<CustomerDeps, 'db'>,
  caller: Caller,
  { operationId, ...fields }: GroupFields & { operationId: string },
): Promise<Outcome<{ groupId: string }, OperationReused>> {
  const answer = z.strictObject({ groupId: z.string() })
  const operation = { operationId, call: 'create-group', input: fields, answer }
  return await inScope(db, caller, (scope) =>
    once(scope, operation, async () => {
      const groupId = newId(scope.nowMs)
      await insertGroup(scope, groupId, fields)
      await noteGroup(scope, 'group-created', groupId)
      return { ok: true, value: { groupId } }
    }),
  )
}

/** Changes what is written of a group, if nobody else did since it was read. */
export async function changeGroup(
  { db }: Pick<CustomerDeps, 'db'>,
  caller: Caller,
  input: GroupFields & { groupId: string; version: number; operationId: string },
): Promise<Outcome<{ version: number }, 'group-unknown' | 'group-changed' | OperationReused>> {
  const { groupId, version, operationId, ...fields } = input
  const answer = z.strictObject({ version: z.int() })
  return await inScope(db, caller, (scope) =>
    once(scope, { operationId, call: 'change-group', input, answer }, async () => {
      const group = await lockGroup(scope, groupId)
      if (group === null) return { ok: false, error: 'group-unknown' }
      if (group.version !== version) return { ok: false, error: 'group-changed' }
      const changed = await updateGroup(scope, groupId, fields)
      await noteGroup(scope, 'group-changed', groupId)
      return { ok: true, value: { version: changed } }
    }),
  )
}

/** Adds somebody whom the hospital speaks to at a group; the phone is sealed. */
export async function addGroupContact(
  { db, keys }: CustomerDeps,
  caller: Caller,
  { groupId, operationId, contact }: { groupId: string; operationId: string; contact: NewGroupContact },
): Promise<Outcome<{ contactId: string }, 'group-unknown' | OperationReused>> {
  const input = { groupId, contact: withoutSecrets(keys, caller.tenantId, contact) }
  const answer = z.strictObject({ contactId: z.string() })
  return await inScope(db, caller, (scope) =>
    once(scope, { operationId, call: 'add-group-contact', input, answer }, async () => {
      if ((await lockGroup(scope, groupId)) === null) return { ok: false, error: 'group-unknown' }
      const contactId = newId(scope.nowMs)
      const fields = await fieldKeysOf(keys, scope)
      const { phone, ...open } = contact
      await scope.tx
        .insertInto('group_contact')
        .values({
          ...open,
          tenant_id: scope.tenantId,
          contact_id: contactId,
          group_id: groupId,
          phone_sealed: phone === null ? null : fields.seal(contactPhonePlace(scope.tenantId, contactId), phone),
          since: new Date(scope.nowMs),
          ended_at: null,
        })
        .execute()
      await noteGroup(scope, 'group-contact-added', groupId)
      return { ok: true, value: { contactId } }
    }),
  )
}

function contactPhonePlace(tenantId: string, contactId: string) {
  return { tenantId, table: 'group_contact', column: 'phone_sealed', rowId: contactId }
}

/** Counts a person among a group; once, however often. */
export async function addGroupMember(
  { db }: Pick<CustomerDeps, 'db'>,
  caller: Caller,
  input: { groupId: string; personId: string; operationId: string },
): Promise<Outcome<{ memberId: string }, 'group-unknown' | 'person-unknown' | OperationReused>> {
  const { groupId, personId, operationId } = input
  const answer = z.strictObject({ memberId: z.string() })
  return await inScope(db, caller, (scope) =>
    once(scope, { operationId, call: 'add-group-member', input, answer }, async () => {
      if ((await lockGroup(scope, groupId)) === null) return { ok: false, error: 'group-unknown' }
      const person = await scope.tx
        .selectFrom('person')
        .select('person_id')
        .where('tenant_id', '=', scope.tenantId)
        .where('person_id', '=', personId)
        .where('merged_into', 'is', null)
        .executeTakeFirst()
      if (person === undefined) return { ok: false, error: 'person-unknown' }
      const memberId = await insertMember(scope, groupId, personId)
      await noteGroup(scope, 'group-member-added', groupId)
      return { ok: true, value: { memberId } }
    }),
  )
}

/** Strikes out a contact or a member; it stays in the history. */
export async function endInGroup(
  { db }: Pick<CustomerDeps, 'db'>,
  caller: Caller,
  input: { groupId: string; entryId: string; entry: 'contact' | 'member'; operationId: string },
): Promise<Outcome<{ endedAt: number }, 'group-unknown' | 'entry-unknown' | OperationReused>> {
  const { groupId, operationId } = input
  const answer = z.strictObject({ endedAt: z.int() })
  return await inScope(db, caller, (scope) =>
    once(scope, { operationId, call: 'end-in-group', input, answer }, async () => {
      if ((await lockGroup(scope, groupId)) === null) return { ok: false, error: 'group-unknown' }
      if (!(await endGroupEntry(scope, groupId, input))) return { ok: false, error: 'entry-unknown' }
      await noteGroup(scope, `group-${input.entry}-ended`, groupId)
      return { ok: true, value: { endedAt: scope.nowMs } }
    }),
  )
}

/** Writes down results of check-ups of a group's people; all of them or, if one is of somebody else, none. */
export async function addGroupResults(
  { db }: Pick<CustomerDeps, 'db'>,
  caller: Caller,
  input: { groupId: string; operationId: string; results: NewCheckupResult[] },
): Promise<Outcome<{ count: number }, 'group-unknown' | 'not-a-member' | OperationReused>> {
  const { groupId, operationId, results } = input
  const answer = z.strictObject({ count: z.int() })
  // Who may write results reaches the whole hospital; the group itself needs no right of its own.
  return await inScope(db, overPersons(caller), (scope) =>
    once(scope, { operationId, call: 'add-group-results', input, answer }, async () => {
      if ((await lockGroup(scope, groupId)) === null) return { ok: false, error: 'group-unknown' }
      const members = new Set((await readMembers(scope.tx, scope.tenantId, groupId)).map((row) => row.person_id))
      if (!results.every(({ personId }) => members.has(personId))) return { ok: false, error: 'not-a-member' }
      await insertResults(scope, groupId, results)
      await noteGroup(scope, 'group-results-added', groupId)
      return { ok: true, value: { count: results.length } }
    }),
  )
}

async function noteGroup(scope: TenantScope, action: string, groupId: string): Promise<void> {
  await recordAudit(scope, { action, objectKind: 'group-customer', objectId: groupId })
}
