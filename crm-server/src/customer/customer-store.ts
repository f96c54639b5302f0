import type { PersonCore, PersonState } from '@yizhan/contracts/customer-record'
import { pinyinInitials } from '@yizhan/rules/customer/pinyin-initials'
import { type Insertable, type Selectable, sql, type Updateable } from 'kysely'
import type { TenantTx } from '../postgres/database.ts'
import type { CentreTables } from '../postgres/tables.ts'
import type { TenantScope } from '../tenant/tenant-scope.ts'

/** A person's own row. */
export type StoredPerson = Selectable<CentreTables['person']>

/** Writes a person. */
export async function insertPerson(
  scope: TenantScope,
  person: Omit<
    Insertable<CentreTables['person']>,
    'tenant_id' | 'name_initials' | 'version' | 'created_at' | 'created_by' | 'updated_at' | 'updated_by'
  >,
): Promise<void> {
  const [at, by] = [new Date(scope.nowMs), scope.actor.id]
  await scope.tx
    .insertInto('person')
    .values({
      ...person,
      tenant_id: scope.tenantId,
      name_initials: pinyinInitials(person.name),
      version: 1,
      created_at: at,
      created_by: by,
      updated_at: at,
      updated_by: by,
    })
    .execute()
}

/** Persons by their ids, held until the transaction ends, in the order of ids so that no two deeds wait for each other. */
export async function lockPersons(
  scope: TenantScope,
  personIds: readonly string[],
): Promise<Map<string, StoredPerson>> {
  const rows = await scope.tx
    .selectFrom('person')
    .selectAll()
    .where('tenant_id', '=', scope.tenantId)
    .where('person_id', 'in', [...personIds])
    .orderBy('person_id')
    .forUpdate()
    .execute()
  return new Map(rows.map((row) => [row.person_id, row]))
}

/** A person whose file is open: there, and not gone into another. */
export async function lockOpenPerson(scope: TenantScope, personId: string): Promise<StoredPerson | null> {
  const person = (await lockPersons(scope, [personId])).get(personId)
  return person === undefined || person.merged_into !== null ? null : person
}

/** Changes columns of a person; the file counts as changed, by whoever acts. Answers its new version. */
export async function updatePerson(
  scope: TenantScope,
  personId: string,
  columns: Updateable<CentreTables['person']>,
): Promise<number> {
  const initials = typeof columns.name === 'string' ? { name_initials: pinyinInitials(columns.name) } : {}
  const { version } = await scope.tx
    .updateTable('person')
    .set((row) => ({
      ...columns,
      ...initials,
      version: row('version', '+', 1),
      updated_at: new Date(scope.nowMs),
      updated_by: scope.actor.id,
    }))
    .where('tenant_id', '=', scope.tenantId)
    .where('person_id', '=', personId)
    .returning('version')
    .executeTakeFirstOrThrow()
  return version
}

/** The columns behind the fields of a file. */
export const columnOfField = {
  name: 'name',
  sex: 'sex',
  birthDate: 'birth_date',
  occupation: 'occupation',
  interests: 'interests',
  habits: 'habits',
  siteId: 'site_id',
  carerStaffId: 'carer_staff_id',
} as const satisfies Record<keyof PersonCore, keyof StoredPerson>

/** The columns that given fields of a file are written to. */
export function columnsOf(
  fields: { [Field in keyof PersonCore]?: PersonCore[Field] | undefined } & { state?: PersonState | undefined },
): Updateable<CentreTables['person']> {
  const { name, sex, birthDate, occupation, interests, habits, siteId, carerStaffId, state } = fields
  return {
    ...(name === undefined ? {} : { name: name.normalize('NFC') }),
    ...(sex === undefined ? {} : { sex }),
    ...(birthDate === undefined ? {} : { birth_date: birthDate }),
    ...(occupation === undefined ? {} : { occupation }),
    ...(interests === undefined ? {} : { interests }),
    ...(habits === undefined ? {} : { habits }),
    ...(siteId === undefined ? {} : { site_id: siteId }),
    ...(carerStaffId === undefined ? {} : { carer_staff_id: carerStaffId }),
    ...(state === undefined ? {} : { state }),
  }
}

/** Which persons a page of the list asks for. */
export interface PersonQuestion {
  state?: PersonState | undefined
  source?: StoredPerson['source'] | undefined
  tag?: string | undefined
  after?: string | undefined
  limit: number
}

/** Persons with open files, the newest first, behind an id. */
export async function readPersonPage(
  tx: TenantTx,
  tenantId: string,
  { state, source, tag, after, limit }: PersonQuestion,
): Promise<StoredPerson[]> {
  let query = tx
    .selectFrom('person')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('merged_into', 'is', null)
    .orderBy('person_id', 'desc')
    .limit(limit)
  if (state !== undefined) query = query.where('state', '=', state)
  if (source !== undefined) query = query.where('source', '=', source)
  if (after !== undefined) query = query.where('person_id', '<', after)
  if (tag !== undefined)
    query = query.where(({ exists, selectFrom }) =>
      exists(
        selectFrom('person_tag')
          .select(sql`1`.as('one'))
          .where('person_tag.tenant_id', '=', tenantId)
          .whereRef('person_tag.person_id', '=', 'person.person_id')
          .where('person_tag.tag', '=', tag)
          .where('person_tag.ended_at', 'is', null),
      ),
    )
  return await query.execute()
}

/** Some persons by their ids, open files or not. */
export async function readPersons(
  tx: TenantTx,
  tenantId: string,
  personIds: readonly string[],
): Promise<StoredPerson[]> {
  if (personIds.length === 0) return []
  return await tx
    .selectFrom('person')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('person_id', 'in', [...personIds])
    .execute()
}

/** The details in force of some persons, in the order in which they were written down. */
export async function readDetails(tx: TenantTx, tenantId: string, personIds: readonly string[]) {
  if (personIds.length === 0) return []
  return await tx
    .selectFrom('person_detail')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('person_id', 'in', [...personIds])
    .where('ended_at', 'is', null)
    .orderBy('since')
    .orderBy('detail_id')
    .execute()
}

/** The tags in force of some persons. */
export async function readTags(tx: TenantTx, tenantId: string, personIds: readonly string[]) {
  if (personIds.length === 0) return []
  return await tx
    .selectFrom('person_tag')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('person_id', 'in', [...personIds])
    .where('ended_at', 'is', null)
    .orderBy('since')
    .orderBy('tag_id')
    .execute()
}
