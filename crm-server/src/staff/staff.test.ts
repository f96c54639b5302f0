import { randomUUID } from 'node:crypto'
import { safe } from '@orpc/client'
import { isServiceCode } from '@yizhan/rules/staff/service-code'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { passwordFits } from '../access/password-hash.ts'
import { type CentreFixture, startCentreFixture } from '../fixture/centre-fixture.ts'
import { enrolFixtureStation } from '../fixture/enrolled-station.ts'
import { type HospitalFixture, horizonPassed, morningDay, openHospital } from '../fixture/hospital-fixture.ts'
import { newId } from '../tenant/new-id.ts'

let hospital: HospitalFixture
let centre: CentreFixture
const [heart, eye, wang, li] = [newId(1), newId(1), newId(1), newId(1)]
beforeAll(async () => {
  hospital = await openHospital()
  centre = await startCentreFixture(hospital)
  centre.signIn('administrator')
  await putDepartment(heart, 'HEART', null)
  await putDepartment(eye, 'EYE', null)
  await centre.staff.staff.put(person(wang, 'W1', '王小明', heart))
  await centre.staff.staff.put(person(li, 'L1', '李四', eye))
})
afterAll(async () => {
  await centre.stop()
  await hospital.close()
})

const key = () => ({ operationId: randomUUID() })

function putDepartment(departmentId: string, code: string, parentId: string | null) {
  const siteId = hospital.structure.sites[0]?.siteId ?? ''
  const name = { 'zh-CN': `${code} 科`, en: code }
  return centre.staff.organisation.putDepartment({
    ...key(),
    departmentId,
    siteId,
    parentId,
    code,
    name,
    retired: false,
  })
}

function person(staffId: string, staffNumber: string, name: string, departmentId: string) {
  const none = { pinyin: '', otherDepartmentIds: [], postId: null, validTo: null }
  return { ...key(), staffId, staffNumber, name, departmentId, validFrom: '2026-01-01', shownOnKiosk: true, ...none }
}

/** The rows of the feed of one kind, as a station is told them. */
async function fed(kind: string) {
  const station = await enrolFixtureStation(hospital, 'ABCDEFGH'[fedTimes++] ?? 'Z')
  await horizonPassed(hospital.db)
  const { changes } = await station.client(centre.url).pull({ cursor: null, max: 500 })
  return changes.filter((change) => change.kind === kind).map(({ row }) => row)
}
let fedTimes = 0

test('departments form a tree without rings, under codes of their own', async () => {
  centre.signIn('administrator')
  const ward = newId(1)
  await putDepartment(ward, 'HEART-1', heart)
  expect((await safe(putDepartment(heart, 'HEART', ward))).error).toMatchObject({ code: 'parent-within' })
  expect((await safe(putDepartment(heart, 'HEART', heart))).error).toMatchObject({ code: 'parent-within' })
  expect((await safe(putDepartment(newId(1), 'EYE', null))).error).toMatchObject({ code: 'code-taken' })
  const { departments } = await centre.staff.organisation.tree()
  expect(departments.map(({ code, parentId }) => [code, parentId])).toEqual([
    ['EYE', null],
    ['HEART', null],
    ['HEART-1', heart],
  ])
})

test('a head sees the people of the department and may set only their shifts; a doctor sees only themself', async () => {
  centre.signIn('department-head', [], { departmentIds: [heart] })
  expect((await centre.staff.staff.list()).staff.map(({ name }) => name)).toEqual(['王小明'])
  const shift = { day: morningDay, shift: 'night', departmentId: heart } as const
  await centre.staff.staff.assignWard({ ...key(), ...shift, staffId: wang })
  const foreign = await safe(centre.staff.staff.assignWard({ ...key(), ...shift, staffId: li }))
  expect(foreign.error).toMatchObject({ code: 'staff-unknown' })
  const { shifts } = await centre.staff.staff.wardDay({ day: morningDay })
  expect(shifts).toEqual([{ staffId: wang, departmentId: heart, shift: 'night' }])
  centre.signIn('doctor', [], { staffId: li })
  expect((await centre.staff.staff.list()).staff.map(({ name }) => name)).toEqual(['李四'])
  expect((await centre.staff.staff.wardDay({ day: morningDay })).shifts).toEqual([])
})

test('a service code checks itself, goes to the stations under a masked name, and is never given twice', async () => {
  centre.signIn('administrator')
  const first = await centre.staff.staff.issueCode({ ...key(), staffId: wang })
  expect(isServiceCode(first.code)).toBe(true)
  expect(await fed('staff-code')).toMatchObject([{ staffId: wang, code: first.code, displayName: '王*明' }])
  const second = await centre.staff.staff.issueCode({ ...key(), staffId: wang })
  await centre.staff.staff.showNames({ ...key(), showing: 'full' })
  expect(await fed('staff-code')).toMatchObject([{ code: second.code, displayName: '王小明' }])
  const { codes } = await centre.staff.staff.codes()
  expect(codes.filter(({ retiredAt }) => retiredAt === null).map(({ code }) => code)).toEqual([second.code])
  await centre.staff.staff.retireCode({ ...key(), code: second.code })
  expect(await fed('staff-code')).toEqual([])
  const owner = new pg.Client({
    connectionString: hospital.database.migratorUrl,
    options: `-c app.tenant_id=${hospital.tenantId}`,
  })
  await owner.connect()
  await expect(owner.query('delete from service_code')).rejects.toThrow('never taken out of the list')
  await expect(owner.query('update service_code set staff_id = $1', [li])).rejects.toThrow('stays with its person')
  await expect(owner.query('update service_code set retired_at = null')).rejects.toThrow('stays with its person')
  await expect(
    owner.query('insert into service_code values ($1, $2, $3, now())', [hospital.tenantId, first.code, li]),
  ).rejects.toMatchObject({ code: '23505' })
  await owner.end()
})

test('the PIN of the staff panel travels as a hash that fits it, a card as a keyed hash that belongs to one person', async () => {
  centre.signIn('administrator')
  const weak = await safe(centre.staff.staff.setPanelPin({ ...key(), staffId: li, pin: '234567' }))
  expect(weak.error).toMatchObject({ code: 'pin-weak' })
  await centre.staff.staff.setPanelPin({ ...key(), staffId: li, pin: '194857' })
  await centre.staff.staff.setPanelCard({ ...key(), staffId: li, cardUid: '04A1B2C3' })
  const taken = await safe(centre.staff.staff.setPanelCard({ ...key(), staffId: wang, cardUid: '04A1B2C3' }))
  expect(taken.error).toMatchObject({ code: 'card-taken' })
  const rows = await fed('staff-panel-credential')
  const pin = rows.find((row) => row?.['kind'] === 'pin')?.['hash']
  expect(await passwordFits('194857', String(pin))).toBe(true)
  expect(JSON.stringify(rows)).not.toContain('04A1B2C3')
  expect((await centre.staff.staff.list()).staff.find(({ staffId }) => staffId === li)).toMatchObject({
    hasPanelPin: true,
    panelCards: 1,
  })
  await centre.staff.staff.setPanelCard({ ...key(), staffId: li, cardUid: null })
  await centre.staff.staff.setPanelPin({ ...key(), staffId: li, pin: null })
  expect(await fed('staff-panel-credential')).toEqual([])
})

test('photos are kept by version; what is no photo, or more than one, is refused', async () => {
  centre.signIn('administrator')
  const png = (tail = '') =>
    Buffer.concat([
      Buffer.from('89504e470d0a1a0a', 'hex'),
      Buffer.alloc(90),
      Buffer.from('49454e44ae426082', 'hex'),
      Buffer.from(tail),
    ]).toString('base64')
  expect(await centre.staff.staff.setPhoto({ ...key(), staffId: li, photo: png() })).toEqual({ photoVersion: 1 })
  expect(await centre.staff.staff.setPhoto({ ...key(), staffId: li, photo: png() })).toEqual({ photoVersion: 2 })
  expect(await centre.staff.staff.photo({ staffId: li })).toEqual({ mediaType: 'image/png', photo: png(), version: 2 })
  const page = await safe(centre.staff.staff.setPhoto({ ...key(), staffId: li, photo: png('<script>') }))
  expect(page.error).toMatchObject({ code: 'photo-invalid' })
  centre.signIn('department-head', [], { departmentIds: [heart] })
  expect((await safe(centre.staff.staff.photo({ staffId: li }))).error).toMatchObject({ code: 'photo-unknown' })
})
