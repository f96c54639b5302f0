import { randomUUID } from 'node:crypto'
import type { Role } from '@yizhan/contracts/access'
import type { TodoAssignee } from '@yizhan/contracts/todo'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { reachOfCall } from '../access/reach.ts'
import { acceptedValue, type HospitalFixture, morningMs, openHospital } from '../fixture/hospital-fixture.ts'
import { inTenant } from '../postgres/database.ts'
import { newId } from '../tenant/new-id.ts'
import type { Caller } from '../tenant/tenant-scope.ts'
import { listAddressees } from './addressee.ts'
import { closeTodo, countTodos, createTodo, forwardTodo, listTodos, todoHistory } from './todo.ts'

let hospital: HospitalFixture
const cardiology = newId(1)
beforeAll(async () => {
  hospital = await openHospital()
  const [site] = hospital.structure.sites
  await inTenant(hospital.db, hospital.tenantId, async (tx) => {
    const name = JSON.stringify({ 'zh-CN': '心内科', en: 'Cardiology' })
    const place = { tenant_id: hospital.tenantId, department_id: cardiology, site_id: site?.siteId ?? '' }
    await tx
      .insertInto('department')
      .values({ ...place, parent_id: null, code: 'C', name, retired_at: null })
      .execute()
    for (const [userId, roles] of [
      ['u-desk', ['front-desk']],
      ['u-nurse', ['follow-up-nurse']],
      ['u-head', ['department-head']],
    ] as const) {
      const email = `${userId}@hospital.example`
      await sql`insert into auth."user" ("id", "name", "email", "emailVerified") values (${userId}, ${`示范 ${userId}`}, ${email}, true)`.execute(
        tx,
      )
      await sql`insert into membership (tenant_id, user_id, roles) values (${hospital.tenantId}, ${userId}, ${[...roles]})`.execute(
        tx,
      )
    }
  })
})
afterAll(() => hospital.close())

/** Somebody who makes a call about to-dos, with the reach of the policy table. */
function staff(userId: string, role: Role, departmentIds: string[] = []): Caller {
  const who = { userId, roles: [role], siteIds: [], departmentIds, staffId: null }
  return {
    tenantId: hospital.tenantId,
    nowMs: morningMs,
    actor: { kind: 'user', id: userId, requestId: 'r' },
    reach: reachOfCall(who, { resource: 'todo', verb: 'handle' }),
  }
}
const desk = () => staff('u-desk', 'front-desk')
const nurse = () => staff('u-nurse', 'follow-up-nurse')
const head = () => staff('u-head', 'department-head', [cardiology])

async function make(caller: Caller, assignee: TodoAssignee, part: { dueAt?: number; title?: string } = {}) {
  const { title = '核对名单', dueAt = null } = part
  const todo = { title, body: '', object: null, assignee, priority: 'normal' as const, dueAt }
  return acceptedValue(await createTodo(hospital.db, caller, { ...todo, operationId: randomUUID() }, '示范'))
}
const mineOf = async (caller: Caller) =>
  (await listTodos(hospital.db, caller, 'mine')).map(({ subject }) => subject.kind === 'written' && subject.title)

test('a to-do is seen by whom it is for and by who made it, and by nobody else', async () => {
  const { todoId } = await make(desk(), { kind: 'person', userId: 'u-nurse' }, { title: '给护士' })
  await make(desk(), { kind: 'role', role: 'department-head' }, { title: '给主任' })
  await make(nurse(), { kind: 'department', departmentId: cardiology }, { title: '给科室' })
  expect(await mineOf(nurse())).toEqual(['给护士'])
  expect((await mineOf(head())).sort()).toEqual(['给主任', '给科室'])
  expect(await mineOf(desk())).toEqual([])
  const made = await listTodos(hospital.db, desk(), 'handled')
  expect(made.map(({ assignee }) => assignee)).toEqual(
    expect.arrayContaining([
      { kind: 'person', userId: 'u-nurse', name: '示范 u-nurse' },
      { kind: 'role', role: 'department-head' },
    ]),
  )
  expect(await todoHistory(hospital.db, head(), todoId)).toEqual({ ok: false, error: 'todo-unknown' })
  const input = { operationId: randomUUID(), todoId, version: 1, outcome: 'done' as const, note: '' }
  expect(await closeTodo(hospital.db, head(), input, '示范')).toEqual({ ok: false, error: 'todo-unknown' })
  // Not even a query without a condition shows it to somebody else.
  const seen = await inTenant(hospital.db, head(), (tx) => tx.selectFrom('todo').select('todo_id').execute())
  expect(seen.map((row) => row.todo_id)).not.toContain(todoId)
})

test('a to-do that is forwarded leaves one list for another, and its history keeps every hand', async () => {
  const { todoId } = await make(desk(), { kind: 'person', userId: 'u-nurse' }, { title: '转交' })
  const to = { kind: 'department' as const, departmentId: cardiology }
  const forward = { operationId: randomUUID(), todoId, version: 1, to, note: '请科里处理' }
  const { version } = acceptedValue(await forwardTodo(hospital.db, nurse(), forward, '护士'))
  expect(acceptedValue(await forwardTodo(hospital.db, nurse(), forward, '护士'))).toEqual({ version })
  expect(await mineOf(nurse())).not.toContain('转交')
  expect(await mineOf(head())).toContain('转交')
  const late = { ...forward, operationId: randomUUID() }
  expect(await forwardTodo(hospital.db, desk(), late, '前台')).toEqual({ ok: false, error: 'todo-changed' })
  const done = { operationId: randomUUID(), todoId, version, outcome: 'done' as const, note: '已办' }
  acceptedValue(await closeTodo(hospital.db, head(), done, '主任'))
  const again = { ...done, operationId: randomUUID(), version: version + 1 }
  expect(await closeTodo(hospital.db, head(), again, '主任')).toEqual({ ok: false, error: 'todo-changed' })
  for (const caller of [desk(), nurse(), head()]) {
    const entries = acceptedValue(await todoHistory(hospital.db, caller, todoId))
    expect(entries.map(({ what, byName, note }) => [what, byName, note])).toEqual([
      ['opened', '示范', ''],
      ['forwarded', '护士', '请科里处理'],
      ['done', '主任', '已办'],
    ])
    expect(entries[1]?.to).toEqual({ ...to, name: { 'zh-CN': '心内科', en: 'Cardiology' } })
  }
  const change = inTenant(hospital.db, hospital.tenantId, (tx) =>
    sql`update todo_entry set note = 'x' where todo_id = ${todoId}`.execute(tx),
  )
  await expect(change).rejects.toMatchObject({ code: '42501' })
})

test('the counts are of what waits for the caller, and of what is overdue', async () => {
  const before = await countTodos(hospital.db, desk())
  await make(nurse(), { kind: 'role', role: 'front-desk' }, { dueAt: morningMs - 1 })
  await make(nurse(), { kind: 'role', role: 'front-desk' }, { dueAt: morningMs + 1 })
  expect(await countTodos(hospital.db, desk())).toEqual({
    open: before.open + 2,
    urgent: before.urgent,
    overdue: before.overdue + 1,
  })
})

test('nobody can be given a to-do who is not there', async () => {
  for (const assignee of [
    { kind: 'person' as const, userId: 'u-nobody' },
    { kind: 'department' as const, departmentId: newId(1) },
  ]) {
    const todo = { title: '一', body: '', object: null, assignee, priority: 'low' as const, dueAt: null }
    expect(await createTodo(hospital.db, desk(), { ...todo, operationId: randomUUID() }, '')).toEqual({
      ok: false,
      error: 'assignee-unknown',
    })
  }
  const { people, departments } = await listAddressees(hospital.db, desk())
  expect(people.map(({ userId }) => userId).sort()).toEqual(['u-desk', 'u-head', 'u-nurse'])
  expect(departments.map(({ departmentId }) => departmentId)).toEqual([cardiology])
})
