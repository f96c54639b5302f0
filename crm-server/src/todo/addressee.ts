import type { Role } from '@yizhan/contracts/access'
import type { LocalText } from '@yizhan/contracts/local-text'
import type { NamedAssignee, TodoAssignee } from '@yizhan/contracts/todo'
import { sql } from 'kysely'
import type { Who } from '../access/reach.ts'
import { tenantOf } from '../access/reach.ts'
import { type CentreDb, inTenant, type TenantTx } from '../postgres/database.ts'

/** Somebody with an account here, as something can be addressed to them. */
interface Person {
  userId: string
  name: string
  roles: Role[]
  departmentIds: string[]
}

/** Everybody who may enter the hospital, in the order of names. */
export async function peopleOf(tx: TenantTx, tenantId: string): Promise<Person[]> {
  const { rows } = await sql<Person>`
    select m.user_id as "userId", u."name", m.roles, m.department_ids as "departmentIds"
    from membership m join auth."user" u on u."id" = m.user_id
    where m.tenant_id = ${tenantId} and m.disabled_at is null order by u."name", m.user_id`.execute(tx)
  return rows
}

/** Whom a to-do or a notice can go to, beside the roles. */
export async function listAddressees(
  db: CentreDb,
  who: Who,
): Promise<{ people: { userId: string; name: string }[]; departments: { departmentId: string; name: LocalText }[] }> {
  const tenantId = tenantOf(who)
  return await inTenant(db, who, async (tx) => {
    const people = await peopleOf(tx, tenantId)
    const departments = await departmentNames(tx, tenantId)
    return {
      people: people.map(({ userId, name }) => ({ userId, name })),
      departments: [...departments].map(([departmentId, name]) => ({ departmentId, name })),
    }
  })
}

async function departmentNames(tx: TenantTx, tenantId: string): Promise<Map<string, LocalText>> {
  const rows = await tx
    .selectFrom('department')
    .select(['department_id', 'name'])
    .where('tenant_id', '=', tenantId)
    .where('retired_at', 'is', null)
    .orderBy('code')
    .execute()
  return new Map(rows.map((row) => [row.department_id, row.name]))
}

/** Whether the hospital has this person, this department; it has every role. */
export async function isAddressee(tx: TenantTx, tenantId: string, assignee: TodoAssignee): Promise<boolean> {
  if (assignee.kind === 'role') return true
  if (assignee.kind === 'department') return (await departmentNames(tx, tenantId)).has(assignee.departmentId)
  return (await peopleOf(tx, tenantId)).some(({ userId }) => userId === assignee.userId)
}

/** The three columns in which a row names whom it is addressed to. */
export interface AddresseeColumns {
  userId: string | null
  role: Role | null
  departmentId: string | null
}

/** The columns of an addressee. */
export function columnsOf(to: TodoAssignee): AddresseeColumns {
  return {
    userId: to.kind === 'person' ? to.userId : null,
    role: to.kind === 'role' ? to.role : null,
    departmentId: to.kind === 'department' ? to.departmentId : null,
  }
}

/** The addressee that columns name, with the names that are known of people and departments. */
export function namedAddressee(
  { userId, role, departmentId }: AddresseeColumns,
  names: { personName: string | null; departmentName: LocalText | null },
): NamedAssignee {
  if (userId !== null) return { kind: 'person', userId, name: names.personName ?? '' }
  if (role !== null) return { kind: 'role', role }
  if (departmentId === null) throw new Error('a row is addressed to nobody')
  return { kind: 'department', departmentId, name: names.departmentName ?? { 'zh-CN': '', en: '' } }
}
