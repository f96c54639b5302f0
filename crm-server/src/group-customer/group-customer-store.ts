import type { GroupFields, GroupRelation, NewCheckupResult } from '@yizhan/contracts/group-customer'
import { type Selectable, sql } from 'kysely'
import type { TenantTx } from '../postgres/database.ts'
import type { CentreTables } from '../postgres/tables.ts'
import { newId } from '../tenant/new-id.ts'
import type { TenantScope } from '../tenant/tenant-scope.ts'

/** A group as the table holds it. */
export type StoredGroup = Selectable<CentreTables['group_customer']>

/** The hospital's groups by name, with their counted members and the contact to ask first. */
export async function readGroups(tx: TenantTx, tenantId: string, relation: GroupRelation | undefined) {
  let query = tx
    .selectFrom('group_customer')
    .selectAll()
    .select(({ selectFrom }) => [
      selectFrom('group_member')
        .select(sql<number>`count(distinct group_member.person_id)`.as('count'))
        .where('group_member.tenant_id', '=', tenantId)
        .whereRef('group_member.group_id', '=', 'group_customer.group_id')
        .where('group_member.ended_at', 'is', null)
        .as('member_count'),
      selectFrom('group_contact')
        .select('group_contact.name')
        .where('group_contact.tenant_id', '=', tenantId)
        .whereRef('group_contact.group_id', '=', 'group_customer.group_id')
        .where('group_contact.ended_at', 'is', null)
        .orderBy(sql`group_contact.role = 'staff-health'`, 'desc')
        .orderBy(sql`group_contact.role = 'key'`, 'desc')
        .orderBy('group_contact.contact_id')
        .limit(1)
        .as('contact_name'),
    ])
    .where('tenant_id', '=', tenantId)
    .orderBy('name')
    .orderBy('group_id')
  if (relation !== undefined) query = query.where('relation', '=', relation)
  return await query.execute()
}

/** One group. */
export async function findGroup(tx: TenantTx, tenantId: string, groupId: string): Promise<StoredGroup | null> {
  const row = await tx
    .selectFrom('group_customer')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('group_id', '=', groupId)
    .executeTakeFirst()
  return row ?? null
}

/** One group, held until the transaction ends. */
export async function lockGroup(scope: TenantScope, groupId: string): Promise<StoredGroup | null> {
  const row = await scope.tx
    .selectFrom('group_customer')
    .selectAll()
    .where('tenant_id', '=', scope.tenantId)
    .where('group_id', '=', groupId)
    .forUpdate()
    .executeTakeFirst()
  return row ?? null
}

/** Writes a group. */
export async function insertGroup(scope: TenantScope, groupId: string, fields: GroupFields): Promise<void> {
  const at = new Date(scope.nowMs)
  await scope.tx
    .insertInto('group_customer')
    .values({
      ...fields,
      tenant_id: scope.tenantId,
      group_id: groupId,
      version: 1,
      created_at: at,
      updated_at: at,
      updated_by: scope.actor.id,
    })
    .execute()
}

/** Changes a group; answers its new version. */
export async function updateGroup(scope: TenantScope, groupId: string, fields: GroupFields): Promise<number> {
  const { version } = await scope.tx
    .updateTable('group_customer')
    .set((row) => ({
      ...fields,
      version: row('version', '+', 1),
      updated_at: new Date(scope.nowMs),
      updated_by: scope.actor.id,
    }))
    .where('tenant_id', '=', scope.tenantId)
    .where('group_id', '=', groupId)
    .returning('version')
    .executeTakeFirstOrThrow()
  return version
}

/** The contacts in force of a group. */
export async function readContacts(tx: TenantTx, tenantId: string, groupId: string) {
  return await tx
    .selectFrom('group_contact')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('group_id', '=', groupId)
    .where('ended_at', 'is', null)
    .orderBy('since')
    .orderBy('contact_id')
    .execute()
}

/** More members than this are looked at in the list of persons. */
const mostShown = 500

/** The members in force of a group within reach, by name. */
export async function readMembers(tx: TenantTx, tenantId: string, groupId: string) {
  return await tx
    .selectFrom('group_member')
    .innerJoin('person', (join) =>
      join
        .onRef('person.tenant_id', '=', 'group_member.tenant_id')
        .onRef('person.person_id', '=', 'group_member.person_id'),
    )
    .select(['member_id', 'group_member.person_id', 'person.name', 'since'])
    .where('group_member.tenant_id', '=', tenantId)
    .where('group_id', '=', groupId)
    .where('ended_at', 'is', null)
    .orderBy('person.name')
    .orderBy('member_id')
    .limit(mostShown)
    .execute()
}

/** The latest results of a group within reach. */
export async function readResults(tx: TenantTx, tenantId: string, groupId: string) {
  return await tx
    .selectFrom('checkup_result')
    .innerJoin('person', (join) =>
      join
        .onRef('person.tenant_id', '=', 'checkup_result.tenant_id')
        .onRef('person.person_id', '=', 'checkup_result.person_id'),
    )
    .selectAll('checkup_result')
    .select('person.name')
    .where('checkup_result.tenant_id', '=', tenantId)
    .where('group_id', '=', groupId)
    .orderBy('checked_on', 'desc')
    .orderBy('result_id')
    .limit(mostShown)
    .execute()
}

/** Counts a person among a group; who is there already stays under the same id. */
export async function insertMember(scope: TenantScope, groupId: string, personId: string): Promise<string> {
  const key = { tenant_id: scope.tenantId, group_id: groupId, person_id: personId }
  const there = await scope.tx
    .selectFrom('group_member')
    .select('member_id')
    .where('tenant_id', '=', scope.tenantId)
    .where('group_id', '=', groupId)
    .where('person_id', '=', personId)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
  if (there !== undefined) return there.member_id
  const memberId = newId(scope.nowMs)
  await scope.tx
    .insertInto('group_member')
    .values({ ...key, member_id: memberId, since: new Date(scope.nowMs), ended_at: null })
    .execute()
  return memberId
}

/** Ends a contact or a member; false when there is none in force. */
export async function endGroupEntry(
  scope: TenantScope,
  groupId: string,
  { entry, entryId }: { entry: 'contact' | 'member'; entryId: string },
): Promise<boolean> {
  const { table, key } =
    entry === 'contact'
      ? ({ table: 'group_contact', key: 'contact_id' } as const)
      : ({ table: 'group_member', key: 'member_id' } as const)
  const { numAffectedRows } = await sql`
    update ${sql.table(table)} set ended_at = ${new Date(scope.nowMs)}
    where tenant_id = ${scope.tenantId} and ${sql.ref(key)} = ${entryId} and group_id = ${groupId}
      and ended_at is null`.execute(scope.tx)
  return numAffectedRows === 1n
}

/** Writes results of check-ups. */
export async function insertResults(
  scope: TenantScope,
  groupId: string,
  results: readonly NewCheckupResult[],
): Promise<void> {
  await scope.tx
    .insertInto('checkup_result')
    .values(
      results.map((result) => ({
        tenant_id: scope.tenantId,
        result_id: newId(scope.nowMs),
        person_id: result.personId,
        group_id: groupId,
        checked_on: result.checkedOn,
        item: result.item,
        value: result.value,
        unit: result.unit,
        flag: result.flag,
        advice: result.advice,
        recorded_at: new Date(scope.nowMs),
      })),
    )
    .execute()
}
