import type { NewEntry } from '@yizhan/contracts/customer'
import type { NewVisit } from '@yizhan/contracts/customer-record'
import { createPerson } from '../customer/customer.ts'
import { addHealthEntry } from '../customer/health-entry.ts'
import { addEntry } from '../customer/person-entry.ts'
import type { CustomerDeps } from '../customer/person-scope.ts'
import {
  addGroupContact,
  addGroupMember,
  addGroupResults,
  createGroup,
  listGroups,
} from '../group-customer/group-customer.ts'
import type { Caller, Outcome } from '../tenant/tenant-scope.ts'
import { demoCardHolders } from './demo-card.ts'
import { demoStation } from './demo-hospital.ts'

/** Keys of the demo's deeds: what was done at an earlier start is answered and not done again. */
function operationId(n: number): string {
  return `de300000-0000-4000-8000-${String(n).padStart(12, '0')}`
}

/** A visit on a day that has passed whenever the demo is run; nothing of it depends on the moment of the start. */
const pastVisit: NewVisit = {
  kind: 'outpatient',
  siteId: null,
  departmentId: null,
  departmentName: '心内科',
  doctorStaffId: null,
  doctorName: '演示医生甲',
  startedAt: Date.parse('2026-03-02T09:10:00+08:00'),
  endedAt: null,
  icdCodes: ['I10'],
  diagnosis: '原发性高血压（演示）',
  orders: ['氨氯地平 5 mg 每日一次'],
  feeFen: 12_860,
  outcome: 'improved',
}

/** Writes some fictional customers with a past, two files of one person, and a group; once, however often. */
export async function seedDemoCustomers(deps: CustomerDeps, by: Caller): Promise<void> {
  const caller = { ...by, byName: '演示' }
  // The keys of deeds are forgotten after a while; the group is the last thing written.
  if ((await listGroups(deps, caller, {})).length > 0) return
  const [zhang] = demoCardHolders
  if (zhang === undefined) throw new Error('the demo has no card holders')
  const { patientName: name, birthDate, phone } = zhang
  const siteId = demoStation.siteId
  const file = { name, birthDate, siteId, sex: 'female' as const, source: 'desk' as const }
  const first = await createPerson(deps, caller, {
    ...file,
    operationId: operationId(1),
    occupation: '教师',
    details: [
      { kind: 'phone', value: phone, label: '本人' },
      { kind: 'address', value: '演示市示范路 1 号', label: '家庭' },
    ],
  })
  const personId = made(first).personId
  const twin = {
    ...file,
    operationId: operationId(2),
    details: [{ kind: 'phone' as const, value: phone, label: null }],
  }
  made(await createPerson(deps, caller, { ...twin, source: 'phone' }))
  const entries: NewEntry[] = [
    { entry: 'tag', tag: '高血压管理' },
    {
      entry: 'consent',
      consent: { purpose: 'care', channel: 'phone', isGiven: true, textVersion: '2026-1', guardianRelationId: null },
    },
    {
      entry: 'interaction',
      interaction: {
        channel: 'phone',
        direction: 'out',
        at: Date.parse('2026-03-09T10:00:00+08:00'),
        summary: '回访：血压平稳，按时服药。（演示）',
      },
    },
  ]
  for (const [at, added] of entries.entries())
    made(await addEntry(deps, caller, { personId, operationId: operationId(10 + at), added }))
  const visited = { personId, operationId: operationId(20), added: { entry: 'visit' as const, visit: pastVisit } }
  made(await addHealthEntry(deps, caller, visited))
  await seedGroup(deps, caller, personId)
}

async function seedGroup(deps: CustomerDeps, caller: Caller, personId: string): Promise<void> {
  const group = await createGroup(deps, caller, {
    operationId: operationId(30),
    name: '演示机械厂',
    address: '演示市示范路 8 号',
    phone: null,
    fax: null,
    website: null,
    email: null,
    manager: null,
    business: '机械加工',
    headcount: 420,
    relation: 'contracted',
    opportunities: '每年三月集体体检（演示）',
  })
  const { groupId } = made(group)
  const contact = {
    name: '演示联系人',
    role: 'staff-health' as const,
    post: '工会主席',
    phone: '10000000190',
    email: null,
  }
  made(await addGroupContact(deps, caller, { groupId, operationId: operationId(31), contact }))
  made(await addGroupMember(deps, caller, { groupId, personId, operationId: operationId(32) }))
  const result = {
    personId,
    checkedOn: '2026-03-01',
    item: '空腹血糖',
    value: '7.4',
    unit: 'mmol/L',
    flag: 'high' as const,
    advice: '两周内到内分泌科复查（演示）',
  }
  made(await addGroupResults(deps, caller, { groupId, operationId: operationId(33), results: [result] }))
}

function made<Value>(outcome: Outcome<Value, string>): Value {
  if (!outcome.ok) throw new Error(`the demo's customers cannot be written: ${outcome.error}`)
  return outcome.value
}
