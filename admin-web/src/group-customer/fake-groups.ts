import type { GroupFile, GroupRow } from '@yizhan/contracts/group-customer'
import type { FakeAnswering } from '../customer/fake-customers.ts'
import type { CentreClient } from '../shell/admin-services.ts'

const uuid = (n: number) => `019ab000-0000-7000-8000-${String(n).padStart(12, '0')}`
/** 2026-03-01, 09:00 in Shanghai. */
const beforeMs = Date.parse('2026-03-01T01:00:00Z')

const fakeGroupRows: readonly GroupRow[] = [
  {
    groupId: uuid(800),
    name: '演示机械厂',
    relation: 'contracted',
    business: '机械加工',
    headcount: 420,
    memberCount: 2,
    contactShown: '工会主席乙',
  },
  {
    groupId: uuid(801),
    name: '示范中学',
    relation: 'neighbour',
    business: '教育',
    headcount: 180,
    memberCount: 0,
    contactShown: null,
  },
]

const fakeGroup: GroupFile = {
  groupId: uuid(800),
  version: 1,
  name: '演示机械厂',
  address: '演示市示范路 8 号',
  phone: '0750-1234567',
  fax: null,
  website: 'https://example.org',
  email: null,
  manager: '厂长甲',
  business: '机械加工',
  headcount: 420,
  relation: 'contracted',
  opportunities: '每年三月集体体检；有意为职工买补充医疗保险。',
  contacts: [
    {
      contactId: uuid(810),
      nameShown: '工会主席乙',
      role: 'staff-health',
      post: '工会主席',
      phoneShown: '13300001111',
      email: null,
    },
  ],
  members: [
    { memberId: uuid(820), personId: uuid(700), nameShown: '王小明', since: beforeMs },
    { memberId: uuid(821), personId: uuid(701), nameShown: '欧阳示范', since: beforeMs },
  ],
  results: [
    {
      resultId: uuid(830),
      personId: uuid(700),
      nameShown: '王小明',
      checkedOn: '2026-03-01',
      item: '空腹血糖',
      value: '7.4',
      unit: 'mmol/L',
      flag: 'high',
      advice: '两周内到内分泌科复查',
    },
    {
      resultId: uuid(831),
      personId: uuid(701),
      nameShown: '欧阳示范',
      checkedOn: '2026-03-01',
      item: '总胆固醇',
      value: '4.6',
      unit: 'mmol/L',
      flag: 'normal',
      advice: null,
    },
  ],
}

/** The calls about groups. */
export function fakeGroups(answering: FakeAnswering): CentreClient['groupCustomer'] {
  return {
    list: answering('groupCustomer.list', ({ now }) => ({ rows: [...fakeGroupRows], asOf: now })),
    read: answering('groupCustomer.read', ({ now }) => ({ group: fakeGroup, asOf: now })),
    create: answering('groupCustomer.create', () => ({ groupId: uuid(800) })),
    change: answering('groupCustomer.change', () => ({ version: 2 })),
    addContact: answering('groupCustomer.addContact', () => ({ contactId: uuid(811) })),
    addMember: answering('groupCustomer.addMember', () => ({ memberId: uuid(822) })),
    end: answering('groupCustomer.end', ({ now }) => ({ endedAt: now })),
    addResults: answering('groupCustomer.addResults', () => ({ count: 1 })),
  }
}
