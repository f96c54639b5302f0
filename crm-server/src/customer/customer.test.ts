import type { Role } from '@yizhan/contracts/access'
import type { NewEntry } from '@yizhan/contracts/customer'
import type { NewDetail, NewVisit } from '@yizhan/contracts/customer-record'
import { idNumberCheckDigit } from '@yizhan/rules/patient/id-number'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { reachOfCall } from '../access/reach.ts'
import { createBooking } from '../appointment/appointment.ts'
import { acceptedValue, type HospitalFixture, morningMs, openHospital } from '../fixture/hospital-fixture.ts'
import { inTenant } from '../postgres/database.ts'
import { newId } from '../tenant/new-id.ts'
import { changePerson, createPerson } from './customer.ts'
import { dismissDuplicate, listDuplicates } from './duplicate.ts'
import { addHealthEntry } from './health-entry.ts'
import { addEntry, endEntry } from './person-entry.ts'
import { readPersonFile } from './person-file.ts'
import { findPersons, listPersons } from './person-search.ts'
import { readTimeline } from './person-timeline.ts'

let hospital: HospitalFixture
beforeAll(async () => {
  hospital = await openHospital()
})
afterAll(() => hospital.close())

/** Somebody of one role, in one call. */
function roleOf(role: Role, staffId: string | null = null, nowMs = morningMs) {
  const person = { roles: [role], siteIds: [], departmentIds: [], staffId }
  const reach = reachOfCall(person, { resource: 'customer', verb: 'read' })
  return { ...hospital.staff(nowMs), byName: '测试员', reach }
}
const staff = (nowMs = morningMs) => roleOf('front-desk', null, nowMs)
const idNumber = (birth: string, order: string) => {
  const digits = `990000${birth}${order}`
  return digits + idNumberCheckDigit(digits)
}
const phone = (value: string): NewDetail => ({ kind: 'phone', value, label: null })

async function person(name: string, details: NewDetail[] = [], more: { birthDate?: string } = {}): Promise<string> {
  const draft = { operationId: newId(1), name, source: 'desk' as const, details, ...more }
  return acceptedValue(await createPerson(hospital, staff(), draft)).personId
}
const add = (personId: string, added: NewEntry, nowMs = morningMs) =>
  addEntry(hospital, staff(nowMs), { personId, operationId: newId(1), added })
const file = async (personId: string) => acceptedValue(await readPersonFile(hospital, staff(), personId))
const foundBy = async (text: string) =>
  (await findPersons(hospital, staff(), text)).map((row) => [row.personId, row.foundBy])

test('a person is found by ID number, phone, card, initials, the beginning of the name, and a booking code', async () => {
  const number = idNumber('19500101', '001')
  const personId = await person('单独寻', [
    { kind: 'id-number', value: number, label: null },
    phone('13912345678'),
    { kind: 'health-card', value: 'JK123456', label: '健康卡' },
  ])
  expect(await foundBy(number)).toEqual([[personId, 'id-number']])
  expect(await foundBy(' 139 1234 5678 ')).toEqual([[personId, 'phone']])
  expect(await foundBy('+8613912345678')).toEqual([[personId, 'phone']])
  expect(await foundBy('jk123456')).toEqual([[personId, 'card']])
  expect(await foundBy('sdx')).toEqual([[personId, 'initials']])
  expect(await foundBy('单独')).toEqual([[personId, 'name']])
  expect(await foundBy('独寻')).toEqual([])
  const booking = hospital.newBooking({ operationId: newId(1), patientName: '单独寻', phone: '13912345678' })
  const { code } = acceptedValue(await createBooking(hospital, hospital.staff(), booking))
  expect(await foundBy(code)).toContainEqual([personId, 'booking-code'])
  expect(await foundBy('%')).toEqual([])
})

test('no number of a person stands in the database in a form that can be read', async () => {
  const number = idNumber('19610101', '007')
  const personId = await person('封存', [{ kind: 'id-number', value: number, label: null }, phone('13700001111')])
  await add(personId, { entry: 'detail', detail: { kind: 'address', value: '演示路 1 号', label: null } })
  const text = await inTenant(hospital.db, hospital.tenantId, async (tx) => {
    const details = await tx.selectFrom('person_detail').selectAll().execute()
    const operations = await tx.selectFrom('operation').selectAll().execute()
    return JSON.stringify([details, operations], (_, value: unknown) =>
      Buffer.isBuffer(value) ? value.toString('latin1') : value,
    )
  })
  expect(text).not.toContain(number)
  expect(text).not.toContain('13700001111')
  expect(text).not.toContain('演示路')
})

test('two bookings of one name and phone are one person, known as somebody heard of; another phone is another person', async () => {
  const make = async (changes: object) => {
    const booking = hospital.newBooking({ operationId: newId(1), patientName: '约诊人', ...changes })
    const { bookingId } = acceptedValue(await createBooking(hospital, hospital.staff(), booking))
    return await inTenant(hospital.db, hospital.tenantId, async (tx) => {
      const row = await tx
        .selectFrom('booking')
        .select('person_id')
        .where('booking_id', '=', bookingId)
        .executeTakeFirst()
      return row?.person_id ?? ''
    })
  }
  const first = await make({ phone: '13600000001' })
  expect(await make({ phone: '13600000001' })).toBe(first)
  expect(await make({ phone: '13600000002' })).not.toBe(first)
  const card = [{ kind: 'card-number' as const, value: 'JK7777' }]
  const withCard = await make({ phone: '13600000001', cards: card })
  expect(withCard).toBe(first)
  expect(await make({ phone: '13600000003', cards: card })).toBe(first)
  expect(await file(first)).toMatchObject({ state: 'prospect', source: 'booking', nameShown: '约诊人' })
  const both = await Promise.all([make({ phone: '13600000009' }), make({ phone: '13600000009' })])
  expect(new Set(both).size).toBe(1)
})

test('a file that was changed since it was read is not written over; its state goes only where it may', async () => {
  const personId = await person('改档')
  const change = { personId, version: 1, occupation: '护士', operationId: newId(1) }
  expect(acceptedValue(await changePerson(hospital, staff(), change))).toEqual({ version: 2 })
  const stale = await changePerson(hospital, staff(), { ...change, operationId: newId(1) })
  expect(stale).toEqual({ ok: false, error: 'person-changed' })
  const early = { personId, version: 2, state: 'prospect' as const, operationId: newId(1) }
  expect(await changePerson(hospital, staff(), early)).toEqual({ ok: false, error: 'state-not-next' })
})

test('consents are a ledger whose last entry counts; for a child only a guardian agrees', async () => {
  const consent = (isGiven: boolean, guardianRelationId: string | null = null) =>
    ({
      entry: 'consent',
      consent: { purpose: 'survey', channel: 'sms', isGiven, textVersion: '2026-1', guardianRelationId },
    }) as const
  const adult = await person('成人', [], { birthDate: '1980-01-01' })
  acceptedValue(await add(adult, consent(true), morningMs))
  acceptedValue(await add(adult, consent(false), morningMs + 1000))
  expect((await file(adult)).consents).toMatchObject([{ purpose: 'survey', channel: 'sms', isGiven: false }])
  const child = await person('儿童', [], { birthDate: '2015-01-01' })
  expect(await add(child, consent(true))).toEqual({ ok: false, error: 'guardian-needed' })
  const mother = {
    kind: 'family' as const,
    name: '母亲',
    relationship: '母亲',
    phone: '13811112222',
    otherPersonId: null,
    isGuardian: true,
    validFrom: null,
    validUntil: null,
  }
  const { entryId } = acceptedValue(await add(child, { entry: 'relation', relation: mother }))
  expect(await add(adult, consent(true, entryId))).toEqual({ ok: false, error: 'guardian-needed' })
  acceptedValue(await add(child, consent(true, entryId)))
  const given = await file(child)
  expect(given.consents).toMatchObject([{ isGiven: true, guardianRelationId: entryId }])
  expect(given.relations).toMatchObject([{ nameShown: '母亲', phoneShown: '13811112222', isGuardian: true }])
})

const visitAt = (startedAt: number, more: Partial<NewVisit> = {}): NewVisit => ({
  kind: 'outpatient',
  siteId: null,
  departmentId: null,
  departmentName: '心内科',
  doctorStaffId: null,
  doctorName: '甲医生',
  startedAt,
  endedAt: null,
  icdCodes: ['I10'],
  diagnosis: '高血压',
  orders: ['氨氯地平 5 mg'],
  feeFen: 12_800,
  outcome: null,
  ...more,
})

test('a visit makes a person active and theirs who saw them; the doctor before reads of them no more, others never', async () => {
  const personId = await person('看诊')
  const [before, after] = [newId(1), newId(1)]
  const visit = async (doctorStaffId: string, startedAt: number) =>
    acceptedValue(
      await addHealthEntry(hospital, staff(), {
        personId,
        operationId: newId(1),
        added: { entry: 'visit', visit: visitAt(startedAt, { doctorStaffId }) },
      }),
    )
  await visit(before, morningMs - 2000)
  expect(acceptedValue(await readPersonFile(hospital, roleOf('doctor', before), personId)).state).toBe('active')
  await visit(after, morningMs - 1000)
  await visit(before, morningMs - 3000)
  expect(await readPersonFile(hospital, roleOf('doctor', before), personId)).toEqual({
    ok: false,
    error: 'person-unknown',
  })
  const seen = acceptedValue(await readPersonFile(hospital, roleOf('doctor', after), personId))
  expect(seen).toMatchObject({ health: { visitCount: 3 }, checklist: { visit: 'return' } })
  const inverted = visitAt(morningMs, { endedAt: morningMs - 1 })
  const wrong = { personId, operationId: newId(1), added: { entry: 'visit' as const, visit: inverted } }
  expect(await addHealthEntry(hospital, staff(), wrong)).toEqual({ ok: false, error: 'time-invalid' })
})

test('administrators read files masked and nothing of health, not even through the timeline', async () => {
  const number = idNumber('19700101', '003')
  const personId = await person('遮掩人', [phone('13500001234'), { kind: 'id-number', value: number, label: null }])
  await add(personId, { entry: 'detail', detail: { kind: 'email', value: 'someone@example.org', label: null } })
  await addHealthEntry(hospital, staff(), {
    personId,
    operationId: newId(1),
    added: { entry: 'visit', visit: visitAt(morningMs) },
  })
  const masked = acceptedValue(await readPersonFile(hospital, roleOf('administrator'), personId))
  expect(masked).toMatchObject({ nameShown: '遮*人', isNameOpen: false, health: null, checklist: { visit: 'return' } })
  expect(Object.fromEntries(masked.details.map(({ kind, shown }) => [kind, shown]))).toEqual({
    phone: '135****1234',
    'id-number': `**************${number.slice(-4)}`,
    email: 's***@example.org',
  })
  const { entries } = acceptedValue(await readTimeline(hospital.db, roleOf('administrator'), { personId }))
  expect(entries).toEqual([])
  const open = acceptedValue(await readTimeline(hospital.db, staff(), { personId }))
  expect(open.entries).toMatchObject([{ kind: 'visit', visit: { icdCodes: ['I10'], feeFen: 12_800 } }])
})

test('the timeline tells of everything once, the latest first, page by page', async () => {
  const personId = await person('长历史')
  for (let at = 0; at < 65; at += 1) {
    const interaction = {
      channel: 'phone' as const,
      direction: 'out' as const,
      // Some at one moment: no page may begin in the middle of them.
      at: morningMs - Math.floor(at / 3) * 1000,
      summary: `第 ${at} 次`,
    }
    acceptedValue(await add(personId, { entry: 'interaction', interaction }))
  }
  const told: string[] = []
  let before: number | undefined
  for (let page = 0; page < 5; page += 1) {
    const stretch = acceptedValue(await readTimeline(hospital.db, staff(), { personId, before }))
    for (const entry of stretch.entries) if (entry.kind === 'interaction') told.push(entry.summary)
    if (stretch.next === null) break
    before = stretch.next
  }
  expect(told).toHaveLength(65)
  expect(new Set(told).size).toBe(65)
})

test('files that may be one person’s come up by themselves, and stay away once staff called them two', async () => {
  const pairOf = async (one: string, other: string) =>
    (await listDuplicates(hospital, staff())).rows.find(
      (row) => [row.one.personId, row.other.personId].sort().join() === [one, other].sort().join(),
    )
  const one = await person('重名人', [phone('13400000001')], { birthDate: '1990-05-05' })
  const other = await person('重名人', [phone('13400000001')], { birthDate: '1990-05-05' })
  expect(await pairOf(one, other)).toMatchObject({ isLikely: true, reasons: ['same-phone', 'same-name', 'same-birth'] })
  const { details } = await file(other)
  const entry = {
    personId: other,
    entryId: details[0]?.detailId ?? '',
    entry: 'detail' as const,
    operationId: newId(1),
  }
  acceptedValue(await endEntry(hospital, staff(), entry))
  expect(await pairOf(one, other)).toMatchObject({ isLikely: false, reasons: ['same-name', 'same-birth'] })
  acceptedValue(await dismissDuplicate(hospital, staff(), { oneId: one, otherId: other, operationId: newId(1) }))
  expect(await pairOf(one, other)).toBeUndefined()
  acceptedValue(await add(other, { entry: 'detail', detail: phone('13400000001') }))
  expect(await pairOf(one, other)).toBeUndefined()
})

test('the list goes through every file once in pages, and reading is written down by ids only', async () => {
  for (let at = 0; at < 55; at += 1) {
    const personId = await person(`名单${at}`)
    await add(personId, { entry: 'tag', tag: '名单' })
  }
  const seen: string[] = []
  let after: string | undefined
  for (let page = 0; page < 4; page += 1) {
    const { rows, next } = await listPersons(hospital, staff(), { tag: '名单', after })
    seen.push(...rows.map(({ personId }) => personId))
    if (next === null) break
    after = next
  }
  expect(seen).toHaveLength(55)
  expect(new Set(seen).size).toBe(55)
  const audited = await inTenant(hospital.db, hospital.tenantId, (tx) =>
    tx.selectFrom('audit').select('shown_ids').where('action', '=', 'persons-listed').execute(),
  )
  expect(new Set(audited.flatMap((row) => row.shown_ids ?? []))).toEqual(new Set(seen))
})
