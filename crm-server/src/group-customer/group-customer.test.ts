import type { GroupFields } from '@yizhan/contracts/group-customer'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { reachOfCall } from '../access/reach.ts'
import { createPerson } from '../customer/customer.ts'
import { mergePersons } from '../customer/merge.ts'
import { acceptedValue, type HospitalFixture, openHospital } from '../fixture/hospital-fixture.ts'
import { newId } from '../tenant/new-id.ts'
import {
  addGroupContact,
  addGroupMember,
  addGroupResults,
  changeGroup,
  createGroup,
  endInGroup,
  listGroups,
  readGroupFile,
} from './group-customer.ts'

let hospital: HospitalFixture
beforeAll(async () => {
  hospital = await openHospital()
})
afterAll(() => hospital.close())

const roleOf = (role: 'customer-manager' | 'administrator') => ({
  ...hospital.staff(),
  byName: '测试员',
  reach: reachOfCall(
    { roles: [role], siteIds: [], departmentIds: [], staffId: null },
    { resource: 'group-customer', verb: 'change' },
  ),
})
const plant: GroupFields = {
  name: '演示机械厂',
  address: '演示路 8 号',
  phone: '0750-1234567',
  fax: null,
  website: 'https://example.org',
  email: null,
  manager: '厂长甲',
  business: '机械加工',
  headcount: 420,
  relation: 'contracted',
  opportunities: '每年 3 月体检',
}
const person = async (name: string) =>
  acceptedValue(
    await createPerson(hospital, hospital.staff(), { operationId: newId(1), name, source: 'group', details: [] }),
  ).personId
const group = async () =>
  acceptedValue(await createGroup(hospital, roleOf('customer-manager'), { ...plant, operationId: newId(1) })).groupId
const file = async (groupId: string, role: 'customer-manager' | 'administrator' = 'customer-manager') =>
  acceptedValue(await readGroupFile(hospital, roleOf(role), groupId))

test('a group keeps its fields, contacts and people; what is struck out is gone from its file', async () => {
  const groupId = await group()
  const contact = { name: '工会乙', role: 'staff-health' as const, post: '工会主席', phone: '13300001111', email: null }
  const about = { groupId, operationId: newId(1), contact }
  const { contactId } = acceptedValue(await addGroupContact(hospital, roleOf('customer-manager'), about))
  const personId = await person('职工丙')
  const member = { groupId, personId, operationId: newId(1) }
  const { memberId } = acceptedValue(await addGroupMember(hospital, roleOf('customer-manager'), member))
  const again = await addGroupMember(hospital, roleOf('customer-manager'), { ...member, operationId: newId(1) })
  expect(acceptedValue(again)).toEqual({ memberId })
  expect(await file(groupId)).toMatchObject({
    ...plant,
    contacts: [{ contactId, nameShown: '工会乙', phoneShown: '13300001111', role: 'staff-health' }],
    members: [{ personId, nameShown: '职*丙' }],
  })
  const [row] = (await listGroups(hospital, roleOf('customer-manager'), {})).filter((one) => one.groupId === groupId)
  expect(row).toMatchObject({ memberCount: 1, contactShown: '工会乙' })
  for (const [entry, entryId] of [
    ['contact', contactId],
    ['member', memberId],
  ] as const)
    acceptedValue(
      await endInGroup(hospital, roleOf('customer-manager'), { groupId, entry, entryId, operationId: newId(1) }),
    )
  expect(await file(groupId)).toMatchObject({ contacts: [], members: [] })
  const gone = { groupId, entry: 'member' as const, entryId: memberId, operationId: newId(1) }
  expect(await endInGroup(hospital, roleOf('customer-manager'), gone)).toEqual({ ok: false, error: 'entry-unknown' })
})

test('a group that was changed since it was read is not written over', async () => {
  const groupId = await group()
  const change = { ...plant, groupId, version: 1, headcount: 500, operationId: newId(1) }
  expect(acceptedValue(await changeGroup(hospital, roleOf('customer-manager'), change))).toEqual({ version: 2 })
  const stale = { ...change, operationId: newId(1) }
  expect(await changeGroup(hospital, roleOf('customer-manager'), stale)).toEqual({ ok: false, error: 'group-changed' })
})

test('results are taken of members only, all or none; they follow a merged person, and administrators do not see them', async () => {
  const groupId = await group()
  const [one, twin, stranger] = [await person('职工丁'), await person('职工叮'), await person('路人')]
  const add = (personId: string) =>
    addGroupMember(hospital, roleOf('customer-manager'), { groupId, personId, operationId: newId(1) })
  acceptedValue(await add(one))
  acceptedValue(await add(twin))
  const result = (personId: string) => ({
    personId,
    checkedOn: '2026-03-01',
    item: '空腹血糖',
    value: '7.4',
    unit: 'mmol/L',
    flag: 'high' as const,
    advice: '两周内到内分泌科复查',
  })
  const write = (ids: string[]) =>
    addGroupResults(hospital, roleOf('customer-manager'), { groupId, operationId: newId(1), results: ids.map(result) })
  expect(await write([one, stranger])).toEqual({ ok: false, error: 'not-a-member' })
  expect((await file(groupId)).results).toEqual([])
  acceptedValue(await write([one, twin]))
  const versions = { survivorVersion: 1, mergedVersion: 1, take: [], operationId: newId(1) }
  acceptedValue(
    await mergePersons(hospital, roleOf('customer-manager'), { survivorId: one, mergedId: twin, ...versions }),
  )
  const { results } = await file(groupId)
  expect(results?.map(({ personId }) => personId)).toEqual([one, one])
  expect((await file(groupId, 'administrator')).results).toBeNull()
})
