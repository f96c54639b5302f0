import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { type Role, roles } from '@yizhan/contracts/access'
import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { callsOf, rightOfCall } from '../access/call-right.ts'
import { allResources } from '../access/policy-table.ts'
import { createBooking } from '../appointment/appointment.ts'
import { inputsNaming, type KnownThings } from '../fixture/call-inputs.ts'
import { type CentreFixture, startCentreFixture } from '../fixture/centre-fixture.ts'
import { enrolFixtureMachine } from '../fixture/enrolled-station.ts'
import {
  acceptedValue,
  addHospital,
  type HospitalFixture,
  hospitalOfTwoSites,
  morningMs,
  openHospital,
} from '../fixture/hospital-fixture.ts'
import { publishNotice } from '../notice/notice.ts'
import { beginPairing } from '../pairing/pairing.ts'
import { type CentreDatabase, inTenant, openDatabase } from '../postgres/database.ts'
import type { CentreTables } from '../postgres/tables.ts'
import { newId } from '../tenant/new-id.ts'
import type { Caller } from '../tenant/tenant-scope.ts'
import { createTodo } from '../todo/todo.ts'

let hospital: HospitalFixture
let centre: CentreFixture
let traced: CentreDatabase
let owner: pg.Client
let inputs: Record<string, unknown>
let things: KnownThings
/** The whole-hospital reach of every transaction since the list was last emptied. */
const reachesTold: unknown[] = []
const neighbour = hospitalOfTwoSites()
const neighbourId = neighbour.hospital.tenantId

beforeAll(async () => {
  hospital = await openHospital()
  await addHospital(hospital.db, neighbour)
  things = await thingsOfNeighbour()
  inputs = inputsNaming(hospital, things)
  traced = openDatabase(hospital.database.appUrl, { maxConnections: 8, onIdleError: () => undefined })
  const db = new Kysely<CentreTables>({
    dialect: new PostgresDialect({ pool: traced.pool }),
    log: ({ query }) => {
      if (query.sql.includes('app.reach_hospital')) reachesTold.push(query.parameters[1])
    },
  })
  centre = await startCentreFixture({ ...hospital, db })
  owner = new pg.Client({
    connectionString: hospital.database.migratorUrl,
    options: `-c app.tenant_id=${neighbourId} -c app.reach_hospital=,${allResources().join(',')},`,
  })
  await owner.connect()
})
afterAll(async () => {
  await centre.stop()
  await owner.end()
  await traced.close()
  await hospital.close()
})

/** The person of a booking next door, and a group that they belong to. */
async function customersOfNeighbour(bookingId: string): Promise<{ personId: string; groupId: string }> {
  const groupId = newId(1)
  const moment = new Date(morningMs)
  const nothing = { address: null, phone: null, fax: null, website: null, email: null, manager: null, business: null }
  return await inTenant(hospital.db, neighbourId, async (tx) => {
    const { person_id: personId } = await tx
      .selectFrom('booking')
      .select('person_id')
      .where('booking_id', '=', bookingId)
      .executeTakeFirstOrThrow()
    if (personId === null) expect.unreachable()
    await tx
      .insertInto('group_customer')
      .values({
        ...nothing,
        tenant_id: neighbourId,
        group_id: groupId,
        name: '邻院单位',
        headcount: null,
        relation: 'neighbour',
        opportunities: null,
        version: 1,
        created_at: moment,
        updated_at: moment,
        updated_by: 'test',
      })
      .execute()
    return { personId, groupId }
  })
}

/** A hospital next door, with one of everything that a call can name. */
async function thingsOfNeighbour(): Promise<KnownThings> {
  const { db, keys } = hospital
  const [clinic] = neighbour.clinics
  if (clinic === undefined) expect.unreachable()
  const { siteId, clinicId } = clinic
  const caller = {
    ...hospital.staff(),
    tenantId: neighbourId,
    reach: undefined,
    actor: { kind: 'system' as const, id: 'test', requestId: 'test' },
  }
  const booking = hospital.newBooking({ operationId: newId(1), siteId, clinicId, patientName: '邻院病人' })
  const { bookingId } = acceptedValue(await createBooking({ db, keys }, caller, booking))
  const [stationId, jobId, alarmId, pairingId] = [newId(1), newId(1), newId(1), newId(1)]
  const publicKey = () =>
    generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
  await enrolFixtureMachine({ ...hospital, structure: neighbour, staff: () => caller }, 'K', {
    stationId,
    publicKey: publicKey(),
  })
  const moment = new Date(morningMs)
  await inTenant(db, neighbourId, async (tx) => {
    const key = { tenant_id: neighbourId, booking_id: bookingId }
    await tx
      .insertInto('arrival_conflict')
      .values({
        ...key,
        kind: 'two-numbers',
        noticed_at: moment,
        version: 1,
        settled_at: null,
        settled_by: null,
        settled_by_name: null,
        settlement: null,
      })
      .execute()
    await tx
      .insertInto('ticket_print')
      .values({
        ...key,
        job_id: jobId,
        station_id: stationId,
        state: 'held',
        copy: 1,
        settled_at: moment,
        settled_by: 'evidence',
        epoch: 1,
        seq: 1,
      })
      .execute()
    await tx
      .insertInto('station_alarm')
      .values({
        tenant_id: neighbourId,
        alarm_id: alarmId,
        station_id: stationId,
        kind: 'outbox-rewound',
        detail: '{"at":1,"cause":"station-older","epoch":2}',
        raised_at: moment,
        acknowledged_at: null,
        acknowledged_by: null,
      })
      .execute()
  })
  const pairingCode = '00001234'
  const about = { appVersion: '1', hostName: 'h', platform: 'p' }
  acceptedValue(
    await beginPairing(
      { db, keys },
      { tenantId: neighbourId, pairingId, stationId: newId(1), publicKey: publicKey(), code: pairingCode, about },
      morningMs,
    ),
  )
  const [departmentId, staffId, userId, serviceCode] = [newId(1), newId(1), 'neighbour-user', '123450']
  await inTenant(db, neighbourId, async (tx) => {
    const tenant = { tenant_id: neighbourId }
    const text = JSON.stringify({ 'zh-CN': '邻院科室', en: 'Ward next door' })
    await tx
      .insertInto('department')
      .values({
        ...tenant,
        department_id: departmentId,
        site_id: siteId,
        parent_id: null,
        code: 'N',
        name: text,
        retired_at: null,
      })
      .execute()
    await tx
      .insertInto('staff')
      .values({
        ...tenant,
        staff_id: staffId,
        staff_number: 'N1',
        name: '邻院职工',
        pinyin: '',
        department_id: departmentId,
        other_department_ids: [],
        post_id: null,
        valid_from: '2026-01-01',
        valid_to: null,
        shown_on_kiosk: true,
        created_at: moment,
      })
      .execute()
    await tx
      .insertInto('service_code')
      .values({ ...tenant, code: serviceCode, staff_id: staffId, issued_at: moment, retired_at: null })
      .execute()
    await sql`insert into auth."user" ("id", "name", "email", "emailVerified") values (${userId}, '邻院账号', 'n@hospital.example', true)`.execute(
      tx,
    )
    await sql`insert into membership (tenant_id, user_id, roles, staff_id) values (${neighbourId}, ${userId}, '{front-desk}', ${staffId})`.execute(
      tx,
    )
  })
  const { personId, groupId } = await customersOfNeighbour(bookingId)
  return {
    personId,
    groupId,
    ...(await tasksOfNeighbour(caller)),
    siteId,
    clinicId,
    bookingId,
    departmentId,
    staffId,
    userId,
    serviceCode,
    stationId,
    jobId,
    alarmId,
    pairingId,
    pairingCode,
  }
}

/** A to-do, a notice, and an event that was set aside. */
async function tasksOfNeighbour(caller: Caller): Promise<Pick<KnownThings, 'todoId' | 'noticeId' | 'eventId'>> {
  const { db } = hospital
  const text = { title: '邻院的事', body: '邻院的事' }
  const forEveryone = { everyone: true, roles: [], departmentIds: [], userIds: [] }
  const todo = { ...text, object: null, assignee: { kind: 'role', role: 'front-desk' } as const, dueAt: null }
  const { todoId } = acceptedValue(
    await createTodo(db, caller, { ...todo, operationId: newId(1), priority: 'normal' }, '邻院职工'),
  )
  const span = { publishedFrom: null, publishedUntil: null, mustAcknowledge: true }
  const { noticeId } = acceptedValue(
    await publishNotice(db, caller, { ...text, ...span, operationId: newId(1), targets: forEveryone }, '邻院职工'),
  )
  const eventId = newId(1)
  await inTenant(db, neighbourId, async (tx) => {
    const key = { tenant_id: neighbourId, event_id: eventId }
    await sql`insert into module_event (tenant_id, event_id, name, version, object_id, body, occurred_at, actor_kind, actor_id, request_id)
      values (${neighbourId}, ${eventId}, 'appointment.conflict.noticed', 1, ${eventId}, '{}', now(), 'system', 'test', 'test')`.execute(
      tx,
    )
    const dead = { object_id: eventId, position: 1, state: 'dead' as const, reason: 'test', settled_at: null }
    await tx
      .insertInto('event_delivery')
      .values({ ...key, ...dead, consumer: 'desk-conflict-todo', next_try_at: new Date(morningMs) })
      .execute()
  })
  return { todoId, noticeId, eventId }
}

async function send(call: string): Promise<{ status: number; text: string }> {
  const answer = await fetch(`${centre.url}/rpc/${call.replace('.', '/')}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    // A key of its own each time, or the second role would meet what was made of the first one's.
    body: JSON.stringify({ json: inputs[call] }).replace(/("operationId":")[^"]*/, `$1${randomUUID()}`),
  })
  return { status: answer.status, text: await answer.text() }
}

async function refusalsNoted(): Promise<Map<string, number>> {
  const rows = await inTenant(hospital.db, hospital.tenantId, (tx) =>
    tx.selectFrom('audit').select(['object_id', 'action']).where('object_kind', '=', 'call').execute(),
  )
  const keys = rows.map(({ object_id: id, action }) => `${action} ${id.split('/')[0]}`)
  return new Map([...Map.groupBy(keys, (key) => key)].map(([key, all]) => [key, all.length]))
}

/** Everything of the neighbour, as one text: nothing of it may change. */
async function neighbourRows(): Promise<string> {
  const tables = [
    'booking',
    'arrival_conflict',
    'ticket_print',
    'slip_settlement',
    'station',
    'station_alarm',
    'pairing',
    'department',
    'staff',
    'service_code',
    'membership',
    'audit',
    'operation',
    'feed_change',
    'person',
    'person_tag',
    'visit',
    'group_customer',
    'group_member',
    'checkup_result',
    'module_event',
    'event_delivery',
    'todo',
    'todo_entry',
    'notice',
    'notice_receipt',
  ]
  const texts = []
  for (const table of tables) texts.push((await owner.query(`select t::text as row from ${table} t order by 1`)).rows)
  return JSON.stringify(texts)
}

const staffCalls = callsOf([...roles])

test.each(roles)(
  'as %s, every call with the ids of another hospital is refused and written down, or answers with nothing of it',
  async (role: Role) => {
    const before = await neighbourRows()
    expect(before).toContain('邻院病人')
    centre.signIn(role)
    const own = new Set<string>(callsOf([role]))
    for (const call of staffCalls) {
      reachesTold.length = 0
      const noted = await refusalsNoted()
      const { status, text } = await send(call)
      expect({ call, status }).toEqual({
        call,
        status: own.has(call) ? expect.toSatisfy((s) => s === 200 || s === 404 || s === 403) : 403,
      })
      for (const id of [neighbourId, ...Object.values(things)])
        expect({ call, leaked: text.includes(id) }).toEqual({ call, leaked: false })
      expect(text).not.toContain('邻院')
      if (status !== 200) {
        const key = `call-refused-${status} ${call}`
        expect({ key, count: (await refusalsNoted()).get(key) }).toEqual({ key, count: (noted.get(key) ?? 0) + 1 })
      }
      // What a person's call reads and writes, it does with the person's own reach: never with that of the centre itself.
      if (call !== 'fleet.feedFile')
        expect({ call, told: reachesTold.filter((names) => names === `,${allResources().join(',')},`) }).toEqual({
          call,
          told: [],
        })
    }
    expect(await neighbourRows()).toBe(before)
  },
)

test('a call that names things says 404 for those of another hospital to whoever may make it', async () => {
  centre.signIn('administrator')
  const naming = staffCalls.filter((call) => {
    const text = JSON.stringify(inputs[call] ?? null)
    return call !== 'appointment.day' && Object.values(things).some((id) => text.includes(id))
  })
  expect(naming.length).toBeGreaterThan(10)
  const administrators = new Set<string>(callsOf(['administrator']))
  for (const call of naming) {
    // What is of health is none of an administrator's business: there the customer manager is who may make the call.
    centre.signIn(administrators.has(call) ? 'administrator' : 'customer-manager')
    expect({ call, status: (await send(call)).status }).toEqual({ call, status: 404 })
  }
  expect(rightOfCall('appointment.cancel')).toEqual({ resource: 'booking', verb: 'change' })
})

test('nobody signed in gets nothing, and an unknown call is nothing at all', async () => {
  centre.signIn(null)
  for (const call of staffCalls) expect({ call, status: (await send(call)).status }).toEqual({ call, status: 401 })
  expect((await send('fleet.nothing')).status).toBe(404)
})
