import type { LocalText } from '@yizhan/contracts/local-text'
import type { TodoEntry, TodoObject, TodoPriority, TodoRow, TodoState, TodoSubject } from '@yizhan/contracts/todo'
import { type RawBuilder, sql } from 'kysely'
import type { TenantTx } from '../postgres/database.ts'
import { newId } from '../tenant/new-id.ts'
import type { TenantScope } from '../tenant/tenant-scope.ts'
import { type AddresseeColumns, namedAddressee } from './addressee.ts'

/** A to-do that is opened. */
export interface NewTodo {
  todoId: string
  subject: TodoSubject
  object: TodoObject | null
  to: AddresseeColumns
  priority: TodoPriority
  dueAt: number | null
  /** What the centre opens it for; null for one that a person made. */
  cause: string | null
  byName: string
}

/** Writes a to-do; false when one of the same cause is open. */
export async function insertTodo(scope: TenantScope, todo: NewTodo): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await scope.tx
    .insertInto('todo')
    .values({
      tenant_id: scope.tenantId,
      todo_id: todo.todoId,
      subject: JSON.stringify(todo.subject),
      object_kind: todo.object?.kind ?? null,
      object_id: todo.object?.id ?? null,
      assignee_user_id: todo.to.userId,
      assignee_role: todo.to.role,
      assignee_department_id: todo.to.departmentId,
      priority: todo.priority,
      due_at: todo.dueAt === null ? null : new Date(todo.dueAt),
      state: 'open',
      cause: todo.cause,
      made_by_name: todo.byName,
      made_at: new Date(scope.nowMs),
      handled_by: scope.actor.kind === 'user' ? [scope.actor.id] : [],
      closed_at: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

/** Whether a cause has been seen to since a moment: its to-do is open still, or was closed after it. */
export async function isCauseSeenTo(
  { tx, tenantId }: TenantScope,
  { cause, sinceMs }: { cause: string; sinceMs: number },
): Promise<boolean> {
  const { rows } = await sql`
    select 1 from todo where tenant_id = ${tenantId} and cause = ${cause}
      and (state = 'open' or closed_at >= ${new Date(sinceMs)}) limit 1`.execute(tx)
  return rows.length > 0
}

/** Adds a line to the history of a to-do. */
export async function addTodoEntry(
  { tx, tenantId, nowMs }: TenantScope,
  entry: {
    todoId: string
    version: number
    byName: string
    what: TodoEntry['what']
    to: AddresseeColumns | null
    note: string
  },
): Promise<void> {
  await tx
    .insertInto('todo_entry')
    .values({
      tenant_id: tenantId,
      todo_id: entry.todoId,
      entry_id: newId(nowMs),
      version: entry.version,
      at: new Date(nowMs),
      by_name: entry.byName,
      what: entry.what,
      to_user_id: entry.to?.userId ?? null,
      to_role: entry.to?.role ?? null,
      to_department_id: entry.to?.departmentId ?? null,
      note: entry.note,
    })
    .execute()
}

/** State and version of a to-do that the caller sees, held until the transaction ends. */
export async function lockTodo({ tx, tenantId }: TenantScope, todoId: string) {
  return await tx
    .selectFrom('todo')
    .select(['state', 'version'])
    .where('tenant_id', '=', tenantId)
    .where('todo_id', '=', todoId)
    .forUpdate()
    .executeTakeFirst()
}

/** Gives a to-do to somebody else, or closes it; whoever does keeps seeing it. */
export async function changeTodo(
  { tx, tenantId, nowMs, actor }: TenantScope,
  todoId: string,
  change: { to: AddresseeColumns } | { state: Exclude<TodoState, 'open'> },
): Promise<void> {
  const set =
    'to' in change
      ? {
          assignee_user_id: change.to.userId,
          assignee_role: change.to.role,
          assignee_department_id: change.to.departmentId,
        }
      : { state: change.state, closed_at: new Date(nowMs) }
  await tx
    .updateTable('todo')
    .set({
      ...set,
      version: sql<number>`version + 1`,
      handled_by: sql<string[]>`array_append(array_remove(handled_by, ${actor.id}), ${actor.id})`,
    })
    .where('tenant_id', '=', tenantId)
    .where('todo_id', '=', todoId)
    .execute()
}

interface StoredTodo extends Omit<TodoRow, 'assignee' | 'object'>, AddresseeColumns {
  objectKind: TodoObject['kind'] | null
  objectId: string | null
  personName: string | null
  departmentName: LocalText | null
}

/** Those addressed to whoever the transaction is for, by the same words as the policy of the table. */
const mine: RawBuilder<boolean> = sql<boolean>`(t.assignee_user_id = current_setting('app.reader_id', true)
  or t.assignee_role = any (string_to_array(current_setting('app.reader_roles', true), ','))
  or t.assignee_department_id = any (string_to_array(nullif(current_setting('app.department_ids', true), ''), ',')::uuid[]))`

/** The open to-dos of whoever asks: what is pressing and due first. */
export async function readMyTodos(tx: TenantTx, tenantId: string, most: number): Promise<TodoRow[]> {
  return await readTodos(
    tx,
    sql`where t.tenant_id = ${tenantId} and t.state = 'open' and ${mine}
      order by array_position(array['urgent', 'normal', 'low'], t.priority), t.due_at nulls last, t.made_at limit ${most}`,
  )
}

/** The to-dos that somebody made, forwarded or closed, the newest first. */
export async function readHandledTodos(
  tx: TenantTx,
  tenantId: string,
  { userId, most }: { userId: string; most: number },
): Promise<TodoRow[]> {
  return await readTodos(
    tx,
    sql`where t.tenant_id = ${tenantId} and t.handled_by @> array[${userId}]::text[]
      order by coalesce(t.closed_at, t.made_at) desc, t.todo_id desc limit ${most}`,
  )
}

async function readTodos(tx: TenantTx, which: RawBuilder<unknown>): Promise<TodoRow[]> {
  const { rows } = await sql<StoredTodo>`
    select t.todo_id as "todoId", t.subject, t.object_kind as "objectKind", t.object_id as "objectId",
      t.assignee_user_id as "userId", t.assignee_role as "role", t.assignee_department_id as "departmentId",
      u."name" as "personName", d.name as "departmentName", t.priority, t.due_at as "dueAt", t.state,
      t.made_by_name as "madeByName", t.made_at as "madeAt", t.closed_at as "closedAt", t.version
    from todo t left join auth."user" u on u."id" = t.assignee_user_id
      left join department d on d.tenant_id = t.tenant_id and d.department_id = t.assignee_department_id
    ${which}`.execute(tx)
  return rows.map(({ objectKind, objectId, userId, role, departmentId, personName, departmentName, ...row }) => ({
    ...row,
    object: objectKind === null || objectId === null ? null : { kind: objectKind, id: objectId },
    assignee: namedAddressee({ userId, role, departmentId }, { personName, departmentName }),
  }))
}

/** How many open to-dos are addressed to whoever asks, how many of them press, how many are overdue. */
export async function countMyTodos(
  tx: TenantTx,
  tenantId: string,
  nowMs: number,
): Promise<{ open: number; urgent: number; overdue: number }> {
  const { rows } = await sql<{ open: number; urgent: number; overdue: number }>`
    select count(*)::int as "open", count(*) filter (where t.priority = 'urgent')::int as "urgent",
      count(*) filter (where t.due_at < ${new Date(nowMs)})::int as "overdue"
    from todo t where t.tenant_id = ${tenantId} and t.state = 'open' and ${mine}`.execute(tx)
  return rows[0] ?? { open: 0, urgent: 0, overdue: 0 }
}

/** The history of a to-do, the oldest line first. */
export async function readTodoEntries(tx: TenantTx, tenantId: string, todoId: string): Promise<TodoEntry[]> {
  const { rows } = await sql<
    Omit<TodoEntry, 'to'> & AddresseeColumns & { personName: string | null; departmentName: LocalText | null }
  >`
    select e.entry_id as "entryId", e.at, e.by_name as "byName", e.what, e.note, e.to_user_id as "userId",
      e.to_role as "role", e.to_department_id as "departmentId", u."name" as "personName", d.name as "departmentName"
    from todo_entry e left join auth."user" u on u."id" = e.to_user_id
      left join department d on d.tenant_id = e.tenant_id and d.department_id = e.to_department_id
    where e.tenant_id = ${tenantId} and e.todo_id = ${todoId} order by e.version, e.entry_id`.execute(tx)
  return rows.map(({ userId, role, departmentId, personName, departmentName, ...entry }) => ({
    ...entry,
    to:
      userId === null && role === null && departmentId === null
        ? null
        : namedAddressee({ userId, role, departmentId }, { personName, departmentName }),
  }))
}
