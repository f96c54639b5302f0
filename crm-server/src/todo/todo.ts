import { id } from '@yizhan/contracts/id'
import type { TodoAssignee, TodoEntry, TodoObject, TodoPriority, TodoRow } from '@yizhan/contracts/todo'
import { z } from 'zod'
import { recordAudit } from '../audit/audit.ts'
import { type CentreDb, inTenant } from '../postgres/database.ts'
import { ring } from '../sync/bell.ts'
import { type OperationReused, once } from '../tenant/carried-out-once.ts'
import { newId } from '../tenant/new-id.ts'
import { type Caller, inScope, type Outcome, type TenantScope } from '../tenant/tenant-scope.ts'
import { columnsOf, isAddressee } from './addressee.ts'
import {
  addTodoEntry,
  changeTodo,
  countMyTodos,
  insertTodo,
  isCauseSeenTo,
  lockTodo,
  type NewTodo,
  readHandledTodos,
  readMyTodos,
  readTodoEntries,
} from './todo-store.ts'

/** Who has more than this to do needs another colleague, not a longer list. */
const mostShown = 500

const opened = z.strictObject({ todoId: id })
const changed = z.strictObject({ version: z.int() })

/** The caller's open to-dos (待办), or those that they have had in hand. */
export async function listTodos(db: CentreDb, caller: Caller, view: 'mine' | 'handled'): Promise<TodoRow[]> {
  return await inTenant(db, caller, (tx) =>
    view === 'mine'
      ? readMyTodos(tx, caller.tenantId, mostShown)
      : readHandledTodos(tx, caller.tenantId, { userId: caller.actor.id, most: mostShown }),
  )
}

/** How many to-dos wait for the caller. */
export async function countTodos(
  db: CentreDb,
  caller: Caller,
): Promise<{ open: number; urgent: number; overdue: number }> {
  return await inTenant(db, caller, (tx) => countMyTodos(tx, caller.tenantId, caller.nowMs))
}

/** What has happened to a to-do that the caller sees. */
export async function todoHistory(
  db: CentreDb,
  caller: Caller,
  todoId: string,
): Promise<Outcome<TodoEntry[], 'todo-unknown'>> {
  const entries = await inTenant(db, caller, (tx) => readTodoEntries(tx, caller.tenantId, todoId))
  return entries.length === 0 ? { ok: false, error: 'todo-unknown' } : { ok: true, value: entries }
}

/** What a person asks somebody to do. */
export interface WrittenTodo {
  operationId: string
  title: string
  body: string
  object: TodoObject | null
  assignee: TodoAssignee
  priority: TodoPriority
  dueAt: number | null
}

/** Opens a to-do for a person, a role or a department. */
export async function createTodo(
  db: CentreDb,
  caller: Caller,
  input: WrittenTodo,
  byName: string,
): Promise<Outcome<z.infer<typeof opened>, 'assignee-unknown' | OperationReused>> {
  const operation = { operationId: input.operationId, call: 'create-todo', input, answer: opened }
  return await inScope(db, caller, (scope) =>
    once(scope, operation, async () => {
      const { title, body, object, assignee, priority, dueAt } = input
      if (!(await isAddressee(scope.tx, scope.tenantId, assignee))) return { ok: false, error: 'assignee-unknown' }
      const todoId = newId(scope.nowMs)
      const subject = { kind: 'written' as const, title, body }
      await openTodo(scope, { todoId, subject, object, to: columnsOf(assignee), priority, dueAt, cause: null, byName })
      return { ok: true, value: { todoId } }
    }),
  )
}

/** Opens a to-do for what the centre noticed, unless its cause has been seen to since then. */
export async function openTodoOnce(
  scope: TenantScope,
  todo: Omit<NewTodo, 'todoId' | 'byName' | 'cause'> & { cause: string; sinceMs: number },
): Promise<void> {
  if (await isCauseSeenTo(scope, todo)) return
  await openTodo(scope, { ...todo, todoId: newId(scope.nowMs), byName: '' })
}

async function openTodo(scope: TenantScope, todo: NewTodo): Promise<void> {
  if (!(await insertTodo(scope, todo))) return
  const { todoId, byName, to } = todo
  await addTodoEntry(scope, { todoId, version: 1, byName, what: 'opened', to, note: '' })
  await tellOfTodo(scope, 'todo-opened', todoId)
}

/** Gives a to-do to somebody else (转交); refused when it was changed since the caller read it. */
export async function forwardTodo(
  db: CentreDb,
  caller: Caller,
  input: { operationId: string; todoId: string; version: number; to: TodoAssignee; note: string },
  byName: string,
): Promise<Outcome<z.infer<typeof changed>, TodoRefusal | 'assignee-unknown'>> {
  const operation = { operationId: input.operationId, call: 'forward-todo', input, answer: changed }
  return await inScope(db, caller, (scope) =>
    once(scope, operation, async () => {
      const { todoId, version, note } = input
      const refusal = await whyUnchangeable(scope, { todoId, version })
      if (refusal !== null) return { ok: false, error: refusal }
      if (!(await isAddressee(scope.tx, scope.tenantId, input.to))) return { ok: false, error: 'assignee-unknown' }
      const to = columnsOf(input.to)
      await addTodoEntry(scope, { todoId, version: version + 1, byName, what: 'forwarded', to, note })
      await changeTodo(scope, todoId, { to })
      await tellOfTodo(scope, 'todo-forwarded', todoId)
      return { ok: true, value: { version: version + 1 } }
    }),
  )
}

/** Closes a to-do as done, or as not to be done any more. */
export async function closeTodo(
  db: CentreDb,
  caller: Caller,
  input: { operationId: string; todoId: string; version: number; outcome: 'done' | 'cancelled'; note: string },
  byName: string,
): Promise<Outcome<z.infer<typeof changed>, TodoRefusal>> {
  const operation = { operationId: input.operationId, call: 'close-todo', input, answer: changed }
  return await inScope(db, caller, (scope) =>
    once(scope, operation, async () => {
      const { todoId, version, outcome, note } = input
      const refusal = await whyUnchangeable(scope, { todoId, version })
      if (refusal !== null) return { ok: false, error: refusal }
      await addTodoEntry(scope, { todoId, version: version + 1, byName, what: outcome, to: null, note })
      await changeTodo(scope, todoId, { state: outcome })
      await tellOfTodo(scope, `todo-${outcome}`, todoId)
      return { ok: true, value: { version: version + 1 } }
    }),
  )
}

type TodoRefusal = 'todo-unknown' | 'todo-changed' | OperationReused

async function whyUnchangeable(
  scope: TenantScope,
  { todoId, version }: { todoId: string; version: number },
): Promise<'todo-unknown' | 'todo-changed' | null> {
  const todo = await lockTodo(scope, todoId)
  if (todo === undefined) return 'todo-unknown'
  return todo.state !== 'open' || todo.version !== version ? 'todo-changed' : null
}

async function tellOfTodo(scope: TenantScope, action: string, todoId: string): Promise<void> {
  await recordAudit(scope, { action, objectKind: 'todo', objectId: todoId })
  await ring(scope, 'todos')
}
