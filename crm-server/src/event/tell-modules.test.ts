import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cancelBooking, createBooking, rescheduleBooking } from '../appointment/appointment.ts'
import { acceptedValue, type HospitalFixture, morningMs, openHospital } from '../fixture/hospital-fixture.ts'
import { inTenant } from '../postgres/database.ts'
import { newId } from '../tenant/new-id.ts'
import { type Caller, inScope } from '../tenant/tenant-scope.ts'
import { listTodos } from '../todo/todo.ts'
import { type DeliveryDeps, deliverAll } from './event-delivery.ts'
import { countReplay, listConsumers, replayEvents, retryDelivery } from './event-replay.ts'
import { purgeModuleEvents } from './module-event-purge.ts'
import { tellModules } from './tell-modules.ts'

let hospital: HospitalFixture
beforeAll(async () => {
  hospital = await openHospital()
})
afterAll(() => hospital.close())

const dayMs = 86_400_000
const consumer = 'desk-conflict-todo'
const failures: string[] = []

const delivering = (nowMs = morningMs): DeliveryDeps => ({
  db: hospital.db,
  now: () => nowMs,
  onFailure: ({ eventId }) => failures.push(eventId),
})
const desk = (): Caller => ({ ...hospital.staff(), actor: { kind: 'user', id: 'desk-1', requestId: 'r' } })
const told = async () =>
  await inTenant(hospital.db, hospital.tenantId, (tx) =>
    tx.selectFrom('module_event').select(['event_id', 'name', 'object_id', 'body']).orderBy('position').execute(),
  )
const noticeConflict = async (bookingId: string, nowMs = morningMs) =>
  await inScope(hospital.db, hospital.staff(nowMs), async (scope) => {
    await tellModules(scope, 'appointment.conflict.noticed', { bookingId, kinds: ['two-places'] })
    return { ok: true, value: null }
  })
const todosOf = async (bookingId: string) => {
  const all = await inTenant(hospital.db, hospital.tenantId, (tx) =>
    tx.selectFrom('todo').select(['todo_id', 'state']).where('object_id', '=', bookingId).execute(),
  )
  return all.map(({ state }) => state)
}
/** Makes the consumer fail by a rule of the database that its deed breaks; ends the rule again. */
const withBrokenTodos = async (work: () => Promise<void>) => {
  const asOwner = async (statement: string) => {
    const { Client } = (await import('pg')).default
    const client = new Client({ connectionString: hospital.database.migratorUrl })
    await client.connect()
    await client.query(statement)
    await client.end()
  }
  await asOwner("alter table todo add constraint broken check (priority <> 'urgent') not valid")
  await work()
  await asOwner('alter table todo drop constraint broken')
}

test('a booking that is made, moved and cancelled tells so in the same transaction, without anything of the patient', async () => {
  const made = acceptedValue(await createBooking(hospital, hospital.staff(), hospital.newBooking()))
  const slot = { slotStart: morningMs + 7_200_000, slotEnd: morningMs + 8_100_000 }
  const operationId = randomUUID()
  const input = { bookingId: made.bookingId, operationId, ...slot }
  const moved = acceptedValue(await rescheduleBooking(hospital, hospital.staff(), input))
  acceptedValue(
    await cancelBooking(hospital, hospital.staff(), { bookingId: moved.bookingId, operationId: randomUUID() }),
  )
  const events = await told()
  expect(events.map(({ name, object_id }) => [name, object_id])).toEqual([
    ['appointment.booking.created', made.bookingId],
    ['appointment.booking.created', moved.bookingId],
    ['appointment.booking.moved', made.bookingId],
    ['appointment.booking.cancelled', moved.bookingId],
  ])
  expect(events[2]?.body).toMatchObject({ toBookingId: moved.bookingId, slotStart: slot.slotStart })
  expect(JSON.stringify(events)).not.toMatch(/张|1234|1980/)
  // A repeat of the operation is answered, not done: it tells nothing.
  await rescheduleBooking(hospital, hospital.staff(), input)
  expect(await told()).toHaveLength(4)
})

test('what is refused tells nothing', async () => {
  const before = (await told()).length
  const outcome = await inScope(hospital.db, hospital.staff(), async (scope) => {
    await tellModules(scope, 'appointment.conflict.noticed', { bookingId: newId(1), kinds: ['other-day'] })
    return { ok: false, error: 'no' }
  })
  expect(outcome).toEqual({ ok: false, error: 'no' })
  expect(await told()).toHaveLength(before)
})

test('a conflict opens one to-do at the front desk, however often it is noticed before somebody has seen to it', async () => {
  const bookingId = newId(1)
  await noticeConflict(bookingId)
  await noticeConflict(bookingId, morningMs + 1)
  await Promise.all([deliverAll(delivering(morningMs + 2)), deliverAll(delivering(morningMs + 2))])
  expect(await todosOf(bookingId)).toEqual(['open'])
  const [todo] = (await listTodos(hospital.db, { ...desk(), reach: deskReach() }, 'mine')).filter(
    ({ object }) => object?.id === bookingId,
  )
  expect(todo).toMatchObject({
    subject: { kind: 'arrival-conflict', bookingId, conflicts: ['two-places'] },
    assignee: { kind: 'role', role: 'front-desk' },
    priority: 'urgent',
    madeByName: '',
    dueAt: morningMs + 600_000,
  })
})

test('a consumer that fails leaves nothing behind, is tried again later and later, and is set aside alone', async () => {
  const [bad, good] = [newId(1), newId(1)]
  await withBrokenTodos(async () => {
    await noticeConflict(bad)
    await noticeConflict(bad, morningMs + 1)
    for (const afterS of [0, 1, 3, 7, 15, 31, 63]) await deliverAll(delivering(morningMs + 1 + afterS * 1000))
    // The later event of the same object has waited for the earlier one.
    expect(new Set(failures).size).toBe(1)
    const dead = async () => (await listConsumers(hospital.db, hospital.staff())).dead.length
    expect(await dead()).toBe(0)
    await deliverAll(delivering(morningMs + 128_000))
    expect(await dead()).toBe(1)
  })
  expect(await todosOf(bad)).toEqual([])
  await noticeConflict(good)
  await deliverAll(delivering(morningMs + 3_600_000))
  expect(await todosOf(good)).toEqual(['open'])
  const [dead] = (await listConsumers(hospital.db, hospital.staff())).dead
  expect(dead).toMatchObject({ consumer, name: 'appointment.conflict.noticed', attempts: 8, reason: 'fault: 23514' })
  const retry = { operationId: randomUUID(), consumer, eventId: dead?.eventId ?? '' }
  acceptedValue(await retryDelivery(hospital.db, hospital.staff(), retry))
  await deliverAll(delivering(morningMs + 3_600_000))
  expect(await todosOf(bad)).toEqual(['open'])
  expect(await retryDelivery(hospital.db, hospital.staff(), { ...retry, operationId: randomUUID() })).toEqual({
    ok: false,
    error: 'delivery-unknown',
  })
})

test('a replay counts first, delivers in order what there is, and changes nothing that was seen to', async () => {
  const before = await inTenant(hospital.db, hospital.tenantId, (tx) => tx.selectFrom('todo').selectAll().execute())
  const span = { consumer, from: 0, until: morningMs + dayMs }
  const { events } = acceptedValue(await countReplay(hospital.db, hospital.staff(), span))
  expect(events).toBeGreaterThan(3)
  expect((await listConsumers(hospital.db, hospital.staff())).consumers[0]).toMatchObject({ consumer, waiting: 0 })
  const replay = { ...span, operationId: randomUUID() }
  expect(acceptedValue(await replayEvents(hospital.db, hospital.staff(), replay))).toEqual({ events })
  expect((await listConsumers(hospital.db, hospital.staff())).consumers[0]).toMatchObject({ consumer, waiting: events })
  await deliverAll(delivering(morningMs + dayMs))
  expect((await listConsumers(hospital.db, hospital.staff())).consumers[0]).toMatchObject({ consumer, waiting: 0 })
  const after = await inTenant(hospital.db, hospital.tenantId, (tx) => tx.selectFrom('todo').selectAll().execute())
  expect(after).toEqual(before)
  expect(await countReplay(hospital.db, hospital.staff(), { ...span, consumer: 'nobody' })).toEqual({
    ok: false,
    error: 'consumer-unknown',
  })
})

test('the position of an event is drawn under the lock of its object: who waits for it comes later', async () => {
  const objectId = newId(1)
  const order: string[] = []
  const first = Promise.withResolvers<void>()
  const tell = async (who: string, hold: Promise<void>) =>
    await inScope(hospital.db, hospital.staff(), async (scope) => {
      // Takes a transaction id before the other does, as a deed that writes something else first.
      await sql`select pg_current_xact_id()`.execute(scope.tx)
      if (who === 'second') await first.promise
      const kinds = [who === 'first' ? ('two-places' as const) : ('other-day' as const)]
      await tellModules(scope, 'appointment.conflict.noticed', { bookingId: objectId, kinds })
      order.push(who)
      if (who === 'first') first.resolve()
      await hold
      return { ok: true, value: null }
    })
  const held = Promise.withResolvers<void>()
  const second = tell('second', Promise.resolve())
  const whole = tell('first', held.promise)
  await first.promise
  expect(order).toEqual(['first'])
  held.resolve()
  await Promise.all([whole, second])
  expect(order).toEqual(['first', 'second'])
  const inOrder = (await told()).filter(({ object_id }) => object_id === objectId)
  expect(inOrder.map(({ body }) => body.kinds)).toEqual([['two-places'], ['other-day']])
})

test('events are dropped after ninety days, but for those that somebody has still to hear', async () => {
  const waiting = newId(1)
  await deliverAll(delivering(morningMs + dayMs))
  await noticeConflict(waiting)
  await purgeModuleEvents(hospital.db, hospital.tenantId, morningMs + 89 * dayMs)
  expect((await told()).length).toBeGreaterThan(5)
  await purgeModuleEvents(hospital.db, hospital.tenantId, morningMs + 91 * dayMs)
  expect((await told()).map(({ object_id }) => object_id)).toEqual([waiting])
})

function deskReach() {
  const { reach } = hospital.staff()
  if (reach === undefined) expect.unreachable()
  return { ...reach, readerId: 'desk-1', readerRoles: ['front-desk' as const] }
}
