import type { PersonFile, PersonRow, TimelineEntry } from '@yizhan/contracts/customer'
import type { DuplicateRow } from '@yizhan/contracts/customer-merge'
import { fakeGroups } from '../group-customer/fake-groups.ts'
import type { CentreClient } from '../shell/admin-services.ts'
import type { FakeCentre } from '../shell/fake-centre.ts'

const uuid = (n: number) => `019ab000-0000-7000-8000-${String(n).padStart(12, '0')}`
/** 2026-11-20, 09:00 in Shanghai. */
const beforeMs = Date.parse('2026-11-20T01:00:00Z')
const hourMs = 3_600_000

/** Some persons, none of whom exists. */
const fakePersons: readonly PersonRow[] = [
  ['王小明', 'male', '1980-02-29', 'active', ['高血压管理']],
  ['欧阳示范', 'female', '1962-11-02', 'registered', []],
  ['钱二', 'male', null, 'prospect', []],
  ['赵示例', 'female', '1995-07-28', 'dormant', ['体检套餐', '会员']],
].map(([nameShown, sex, birthDate, state, tags], at) => ({
  personId: uuid(700 + at),
  nameShown: String(nameShown),
  sex: sex as PersonRow['sex'],
  birthDate: birthDate as string | null,
  phoneShown: `1380000000${at}`,
  state: state as PersonRow['state'],
  source: at === 2 ? 'booking' : 'desk',
  tags: tags as string[],
  updatedAt: beforeMs,
}))

/** The file of the first of them. */
const fakeFile: PersonFile = {
  personId: uuid(700),
  nameShown: '王小明',
  isNameOpen: true,
  sex: 'male',
  birthDate: '1980-02-29',
  occupation: null,
  interests: ['太极拳'],
  habits: ['上午就诊'],
  siteId: uuid(5),
  carerStaffId: null,
  state: 'active',
  source: 'desk',
  version: 4,
  createdAt: beforeMs,
  updatedAt: beforeMs,
  mergedInto: null,
  tags: [{ tagId: uuid(710), tag: '高血压管理' }],
  details: [
    { detailId: uuid(720), kind: 'phone', shown: '13800000000', label: '本人', since: beforeMs },
    { detailId: uuid(721), kind: 'id-number', shown: '**************0028', label: null, since: beforeMs },
    { detailId: uuid(722), kind: 'address', shown: '演示市示范路 1 号', label: '家庭', since: beforeMs },
  ],
  relations: [
    {
      relationId: uuid(730),
      kind: 'family',
      nameShown: '王大明',
      relationship: '父亲',
      phoneShown: '13800000009',
      otherPersonId: null,
      isGuardian: false,
      validFrom: null,
      validUntil: null,
    },
  ],
  consents: [
    {
      consentId: uuid(740),
      purpose: 'care',
      channel: 'phone',
      isGiven: true,
      textVersion: '2026-1',
      guardianRelationId: null,
      at: beforeMs,
      byName: '导诊台甲',
    },
    {
      consentId: uuid(741),
      purpose: 'marketing',
      channel: 'sms',
      isGiven: false,
      textVersion: '2026-1',
      guardianRelationId: null,
      at: beforeMs,
      byName: '导诊台甲',
    },
  ],
  health: {
    items: [
      { itemId: uuid(750), kind: 'allergy', text: '青霉素', isDenied: false, since: beforeMs },
      { itemId: uuid(751), kind: 'history', text: '', isDenied: true, since: beforeMs },
    ],
    visitCount: 2,
  },
  groups: [{ groupId: uuid(800), name: '演示机械厂' }],
  merges: [{ mergeId: uuid(760), personId: uuid(761), nameShown: '王晓明', at: beforeMs - hourMs, byName: '导诊台甲' }],
  checklist: { visit: 'return', missing: ['health-card', 'occupation', 'family-history'] },
  needsGuardian: false,
}

const fakeTimeline: readonly TimelineEntry[] = [
  {
    kind: 'booking',
    entryId: uuid(770),
    at: beforeMs + 80 * hourMs,
    clinicName: { 'zh-CN': '心内科门诊', en: 'Cardiology' },
    doctorName: '演示医生甲',
    state: 'booked',
  },
  {
    kind: 'interaction',
    entryId: uuid(771),
    at: beforeMs,
    channel: 'phone',
    direction: 'out',
    summary: '回访：血压平稳，按时服药。',
    byName: '随访护士乙',
  },
  {
    kind: 'visit',
    entryId: uuid(772),
    at: beforeMs - 240 * hourMs,
    visit: {
      visitId: uuid(772),
      kind: 'outpatient',
      siteId: uuid(5),
      departmentId: uuid(501),
      departmentName: '心内科',
      doctorStaffId: null,
      doctorName: '演示医生甲',
      startedAt: beforeMs - 240 * hourMs,
      endedAt: null,
      icdCodes: ['I10'],
      diagnosis: '原发性高血压',
      orders: ['氨氯地平 5 mg 每日一次'],
      feeFen: 12_860,
      outcome: 'improved',
    },
  },
  {
    kind: 'consent',
    entryId: uuid(773),
    at: beforeMs - 250 * hourMs,
    purpose: 'marketing',
    channel: 'sms',
    isGiven: false,
    textVersion: '2026-1',
    isByGuardian: false,
    byName: '导诊台甲',
  },
  { kind: 'merge', entryId: uuid(760), at: beforeMs - 251 * hourMs, nameShown: '王晓明', byName: '导诊台甲' },
]

function side(n: number, nameShown: string): DuplicateRow['one'] {
  return {
    personId: uuid(n),
    nameShown,
    sex: 'male',
    birthDate: '1980-02-29',
    phoneShown: '13800000000',
    documentShown: n === 700 ? '**************0028' : null,
    state: n === 700 ? 'active' : 'prospect',
    version: 4,
    createdAt: beforeMs - n * hourMs,
  }
}

/** Two files that may be one person's. */
const fakeDuplicates: readonly DuplicateRow[] = [
  {
    one: side(700, '王小明'),
    other: side(780, '王小明'),
    score: 95,
    isLikely: true,
    reasons: ['same-phone', 'same-name', 'same-birth'],
    doubts: [],
  },
  {
    one: side(701, '欧阳示范'),
    other: side(781, '欧阳士凡'),
    score: 65,
    isLikely: false,
    reasons: ['same-phone', 'same-birth'],
    doubts: ['other-sex'],
  },
]

/** Makes one call of a fake centre out of its name and its answer. */
export type FakeAnswering = <Input, Output>(
  call: string,
  answer: (centre: FakeCentre, input: Input | undefined) => Output,
) => (input?: Input, ...rest: unknown[]) => Promise<Output>

/** The calls about customers and groups. */
export function fakeCustomers(answering: FakeAnswering): Pick<CentreClient, 'customer' | 'groupCustomer'> {
  const made = { entryId: uuid(790) }
  return {
    customer: {
      list: answering('customer.list', ({ now }, input: { state?: string | undefined } | undefined) => ({
        rows: fakePersons.filter(({ state }) => input?.state === undefined || state === input.state),
        next: null,
        asOf: now,
      })),
      find: answering('customer.find', ({ now }, input: { text: string } | undefined) => ({
        rows: fakePersons
          .filter(({ nameShown }) => nameShown.startsWith(input?.text ?? ''))
          .map((row) => ({ ...row, foundBy: 'name' as const })),
        asOf: now,
      })),
      read: answering('customer.read', ({ now }, input: { personId: string } | undefined) => ({
        person: { ...fakeFile, personId: input?.personId ?? fakeFile.personId },
        asOf: now,
      })),
      timeline: answering('customer.timeline', ({ now }) => ({ entries: [...fakeTimeline], next: null, asOf: now })),
      create: answering('customer.create', () => ({ personId: uuid(700) })),
      change: answering('customer.change', () => ({ version: 5 })),
      add: answering('customer.add', () => made),
      addHealth: answering('customer.addHealth', () => made),
      end: answering('customer.end', ({ now }) => ({ endedAt: now })),
      endHealth: answering('customer.endHealth', ({ now }) => ({ endedAt: now })),
      duplicates: answering('customer.duplicates', ({ now }) => ({
        rows: [...fakeDuplicates],
        merges: [
          {
            mergeId: uuid(760),
            survivorId: uuid(700),
            survivorShown: '王小明',
            mergedId: uuid(761),
            mergedShown: '王晓明',
            at: beforeMs - hourMs,
            byName: '导诊台甲',
          },
        ],
        asOf: now,
      })),
      dismissDuplicate: answering('customer.dismissDuplicate', ({ now }) => ({ dismissedAt: now })),
      merge: answering('customer.merge', () => ({ mergeId: uuid(791) })),
      unmerge: answering('customer.unmerge', ({ now }) => ({ undoneAt: now })),
    },
    groupCustomer: fakeGroups(answering),
  }
}
