import { randomUUID } from 'node:crypto'
import type { Role } from '@yizhan/contracts/access'
import type { NoticeTargets } from '@yizhan/contracts/notice'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { reachOfCall } from '../access/reach.ts'
import { deliverAll } from '../event/event-delivery.ts'
import { enrolFixtureStation, goodReport } from '../fixture/enrolled-station.ts'
import { acceptedValue, type HospitalFixture, morningMs, openHospital } from '../fixture/hospital-fixture.ts'
import { noteAbsences } from '../fleet/absence-watch.ts'
import { raiseAlarm } from '../fleet/station-alarm.ts'
import { inTenant } from '../postgres/database.ts'
import { newId } from '../tenant/new-id.ts'
import { type Caller, inScope } from '../tenant/tenant-scope.ts'
import {
  countNotices,
  listPublished,
  listReceipts,
  noticeInbox,
  publishNotice,
  readNotice,
  withdrawNotice,
} from './notice.ts'

let hospital: HospitalFixture
const ward = newId(1)
beforeAll(async () => {
  hospital = await openHospital()
  const [site] = hospital.structure.sites
  await inTenant(hospital.db, hospital.tenantId, async (tx) => {
    const name = JSON.stringify({ 'zh-CN': '病区', en: 'Ward' })
    const place = { tenant_id: hospital.tenantId, department_id: ward, site_id: site?.siteId ?? '' }
    await tx
      .insertInto('department')
      .values({ ...place, parent_id: null, code: 'W', name, retired_at: null })
      .execute()
    for (const [userId, role] of [
      ['u-admin', 'administrator'],
      ['u-desk', 'front-desk'],
      ['u-nurse', 'follow-up-nurse'],
    ] as const) {
      const email = `${userId}@hospital.example`
      await sql`insert into auth."user" ("id", "name", "email", "emailVerified") values (${userId}, ${userId}, ${email}, true)`.execute(
        tx,
      )
      await sql`insert into membership (tenant_id, user_id, roles, department_ids)
        values (${hospital.tenantId}, ${userId}, ${[role]}, ${userId === 'u-nurse' ? [ward] : []}::uuid[])`.execute(tx)
    }
  })
})
afterAll(() => hospital.close())

const hourMs = 3_600_000
function staff(
  userId: string,
  role: Role,
  part: { departmentIds?: string[]; nowMs?: number; verb?: string } = {},
): Caller {
  const { departmentIds = [], nowMs = morningMs, verb = 'read' } = part
  const who = { userId, roles: [role], siteIds: [], departmentIds, staffId: null }
  const reach = reachOfCall(who, { resource: 'notice', verb })
  return { tenantId: hospital.tenantId, nowMs, actor: { kind: 'user', id: userId, requestId: 'r' }, reach }
}
const desk = (nowMs?: number) => staff('u-desk', 'front-desk', nowMs === undefined ? {} : { nowMs })
const nurse = () => staff('u-nurse', 'follow-up-nurse', { departmentIds: [ward] })
const publisher = () => staff('u-admin', 'administrator', { verb: 'publish' })
const nobody: NoticeTargets = { everyone: false, roles: [], departmentIds: [], userIds: [] }

async function publish(
  title: string,
  targets: Partial<NoticeTargets>,
  part: { publishedFrom?: number; publishedUntil?: number; mustAcknowledge?: boolean } = {},
) {
  const { publishedFrom = null, publishedUntil = null, mustAcknowledge = false } = part
  const notice = { title, body: '正文', targets: { ...nobody, ...targets }, publishedFrom, publishedUntil }
  const input = { ...notice, mustAcknowledge, operationId: randomUUID() }
  return await publishNotice(hospital.db, publisher(), input, '管理员')
}
const titlesFor = async (caller: Caller) =>
  (await noticeInbox(hospital.db, caller)).map(({ subject }) => subject.kind === 'written' && subject.title)

test('a notice reaches the roles, departments and people that it names, and everyone when it is a bulletin', async () => {
  acceptedValue(await publish('给前台', { roles: ['front-desk'] }))
  acceptedValue(await publish('给病区', { departmentIds: [ward] }))
  acceptedValue(await publish('给护士', { userIds: ['u-nurse'] }))
  acceptedValue(await publish('公告', { everyone: true }))
  expect((await titlesFor(desk())).sort()).toEqual(['公告', '给前台'])
  expect((await titlesFor(nurse())).sort()).toEqual(['公告', '给护士', '给病区'])
  const seen = await inTenant(hospital.db, desk(), (tx) => tx.selectFrom('notice').select('notice_id').execute())
  expect(seen).toHaveLength(2)
})

test('a notice is shown from its beginning to its end, and no longer once it is withdrawn', async () => {
  const span = { publishedFrom: morningMs + hourMs, publishedUntil: morningMs + 2 * hourMs }
  const { noticeId } = acceptedValue(await publish('停机', { everyone: true }, span))
  expect(await titlesFor(desk())).not.toContain('停机')
  expect(await titlesFor(desk(morningMs + hourMs))).toContain('停机')
  expect(await titlesFor(desk(morningMs + 2 * hourMs))).not.toContain('停机')
  const read = { operationId: randomUUID(), noticeId, acknowledge: false }
  expect(await readNotice(hospital.db, desk(), read)).toEqual({ ok: false, error: 'notice-unknown' })
  const withdraw = { operationId: randomUUID(), noticeId }
  acceptedValue(await withdrawNotice(hospital.db, publisher(), withdraw))
  expect(await titlesFor(desk(morningMs + hourMs))).not.toContain('停机')
})

test('reading and acknowledging are two things, and who has done neither is listed by name', async () => {
  const { noticeId } = acceptedValue(await publish('须确认', { everyone: true }, { mustAcknowledge: true }))
  const before = await countNotices(hospital.db, desk())
  const read = async (caller: Caller, acknowledge: boolean) =>
    acceptedValue(await readNotice(hospital.db, caller, { operationId: randomUUID(), noticeId, acknowledge }))
  expect(await read(desk(), false)).toEqual({ readAt: morningMs, acknowledgedAt: null })
  expect(await countNotices(hospital.db, desk())).toEqual({ ...before, unread: before.unread - 1 })
  expect(await read(desk(morningMs + 1), true)).toEqual({ readAt: morningMs, acknowledgedAt: morningMs + 1 })
  expect(await read(desk(morningMs + 9), true)).toEqual({ readAt: morningMs, acknowledgedAt: morningMs + 1 })
  await read(nurse(), false)
  expect(acceptedValue(await listReceipts(hospital.db, publisher(), noticeId))).toEqual([
    { userId: 'u-admin', name: 'u-admin', readAt: null, acknowledgedAt: null },
    { userId: 'u-nurse', name: 'u-nurse', readAt: morningMs, acknowledgedAt: null },
    { userId: 'u-desk', name: 'u-desk', readAt: morningMs, acknowledgedAt: morningMs + 1 },
  ])
  const [row] = (await listPublished(hospital.db, publisher())).filter((notice) => notice.noticeId === noticeId)
  expect(row).toMatchObject({ addressed: 3, read: 2, acknowledged: 1 })
  // A reader sees their own receipt only.
  const receipts = await inTenant(hospital.db, nurse(), (tx) => tx.selectFrom('notice_receipt').selectAll().execute())
  expect(new Set(receipts.map(({ user_id }) => user_id))).toEqual(new Set(['u-nurse']))
})

test('a notice to nobody, to somebody unknown, or that ends before it begins is refused', async () => {
  expect(await publish('无', {})).toEqual({ ok: false, error: 'target-missing' })
  expect(await publish('无', { userIds: ['u-nobody'] })).toEqual({ ok: false, error: 'target-unknown' })
  expect(await publish('无', { departmentIds: [newId(1)] })).toEqual({ ok: false, error: 'target-unknown' })
  const span = { publishedFrom: morningMs, publishedUntil: morningMs }
  expect(await publish('无', { everyone: true }, span)).toEqual({ ok: false, error: 'span-invalid' })
})

test('an alarm of a station becomes one notice to the administrators, who have to acknowledge it', async () => {
  const { stationId } = await enrolFixtureStation(hospital, 'N')
  const event = { eventId: newId(morningMs), stationId, epoch: 1, seq: 1, lane: 'bulk' as const, occurredAt: morningMs }
  const body = { at: morningMs, cause: 'station-older' as const, epoch: 2 }
  const raise = raiseAlarm('outbox-rewound')
  for (let told = 0; told < 2; told += 1) {
    await inScope(hospital.db, hospital.staff(), async (scope) => {
      await raise(scope, { ...event, hlc: null, body })
      return { ok: true, value: null }
    })
  }
  await deliverAll({ db: hospital.db, now: () => morningMs, onFailure: ({ error }) => expect(error).toBeUndefined() })
  const inbox = await noticeInbox(hospital.db, staff('u-admin', 'administrator'))
  expect(inbox.filter(({ subject }) => subject.kind === 'station-alarm')).toMatchObject([
    {
      subject: { stationId, alarm: 'outbox-rewound', stationName: { en: 'Lobby N' } },
      mustAcknowledge: true,
      byName: '',
    },
  ])
  expect(await noticeInbox(hospital.db, desk())).not.toContainEqual(
    expect.objectContaining({ subject: expect.objectContaining({ kind: 'station-alarm' }) }),
  )
})

test('a station that falls silent, and comes back, is told of once each, whichever node looks', async () => {
  const { stationId } = await enrolFixtureStation(hospital, 'O')
  const report = async (atMs: number) =>
    await inTenant(hospital.db, hospital.tenantId, (tx) =>
      tx
        .updateTable('station')
        .set({ last_report: JSON.stringify(goodReport(atMs)), last_report_at: new Date(atMs) })
        .where('tenant_id', '=', hospital.tenantId)
        .where('station_id', '=', stationId)
        .execute(),
    )
  const look = async (atMs: number) =>
    await Promise.all([noteAbsences(hospital.db, atMs), noteAbsences(hospital.db, atMs)])
  await report(morningMs)
  await look(morningMs + 39_000)
  await look(morningMs + 41_000)
  await look(morningMs + 60_000)
  await report(morningMs + 70_000)
  await look(morningMs + 71_000)
  await look(morningMs + 72_000)
  const told = await inTenant(hospital.db, hospital.tenantId, (tx) =>
    tx
      .selectFrom('module_event')
      .select(['name', 'body'])
      .where('object_id', '=', stationId)
      .orderBy('position')
      .execute(),
  )
  expect(told.map(({ name, body }) => [name, body.since])).toEqual([
    ['fleet.station.went-offline', morningMs],
    ['fleet.station.came-online', morningMs + 70_000],
  ])
})
