import type { AccountRow } from '@yizhan/contracts/account'
import type { DepartmentRow, PostRow } from '@yizhan/contracts/organisation'
import type { ServiceCodeRow, StaffListRow } from '@yizhan/contracts/staff'
import type { CentreClient } from '../shell/admin-services.ts'

const uuid = (n: number) => `019ab000-0000-7000-8000-${String(n).padStart(12, '0')}`
const siteId = uuid(20)
/** 2026-11-01, 09:00 in Shanghai. */
const beforeMs = Date.parse('2026-11-01T01:00:00Z')

/** A small tree: two departments, one of them with a ward. */
const fakeTree: { departments: DepartmentRow[]; posts: PostRow[] } = {
  departments: [
    {
      departmentId: uuid(501),
      siteId,
      parentId: null,
      code: 'CARD',
      name: text('心内科', 'Cardiology'),
      retiredAt: null,
    },
    {
      departmentId: uuid(502),
      siteId,
      parentId: uuid(501),
      code: 'CARD-1',
      name: text('心内一病区', 'Cardiology ward 1'),
      retiredAt: null,
    },
    {
      departmentId: uuid(503),
      siteId,
      parentId: null,
      code: 'PED',
      name: text('儿科', 'Paediatrics'),
      retiredAt: null,
    },
  ],
  posts: [
    { postId: uuid(601), name: text('主治医师', 'Attending physician'), retiredAt: null },
    { postId: uuid(602), name: text('护士', 'Nurse'), retiredAt: null },
  ],
}

function text(zh: string, en: string) {
  return { 'zh-CN': zh, en }
}

/** Two fictional people, one of them with everything that can be issued. */
const fakeStaffList: StaffListRow[] = [
  {
    staffId: uuid(701),
    staffNumber: 'D0102',
    name: '演示医生甲',
    pinyin: 'yan shi yi sheng jia',
    departmentId: uuid(501),
    otherDepartmentIds: [],
    postId: uuid(601),
    validFrom: '2024-03-01',
    validTo: null,
    shownOnKiosk: true,
    photoVersion: 0,
    serviceCode: '48213',
    hasPanelPin: true,
    panelCards: 1,
  },
  {
    staffId: uuid(702),
    staffNumber: 'N0417',
    name: '演示护士乙',
    pinyin: 'yan shi hu shi yi',
    departmentId: uuid(502),
    otherDepartmentIds: [uuid(503)],
    postId: uuid(602),
    validFrom: '2025-07-01',
    validTo: '2026-12-31',
    shownOnKiosk: false,
    photoVersion: 0,
    serviceCode: null,
    hasPanelPin: false,
    panelCards: 0,
  },
]

/** One code in use, and the one before it. */
const fakeServiceCodes: ServiceCodeRow[] = [
  codeRow('48213', beforeMs, null),
  codeRow('70359', beforeMs - 400 * 86_400_000, beforeMs),
]

function codeRow(code: string, issuedAt: number, retiredAt: number | null): ServiceCodeRow {
  return {
    code,
    staffId: uuid(701),
    name: '演示医生甲',
    departmentName: text('心内科', 'Cardiology'),
    issuedAt,
    retiredAt,
  }
}

/** The administrator who is signed in, a doctor who has not been there yet, and somebody shut out. */
export const fakeAccounts: AccountRow[] = [
  accountRow('u1', '演示管理员', { roles: ['administrator', 'front-desk'], hasSecondFactor: true }),
  accountRow('u2', '演示医生甲', { roles: ['doctor'], staffId: uuid(701), onOneTimePassword: true }),
  accountRow('u3', '演示前台', { roles: ['front-desk'], disabledAt: beforeMs }),
]

function accountRow(userId: string, displayName: string, part: Partial<AccountRow>): AccountRow {
  return {
    userId,
    displayName,
    email: `${userId}@hospital.example`,
    roles: [],
    siteIds: [siteId],
    departmentIds: [],
    staffId: null,
    disabledAt: null,
    onOneTimePassword: false,
    hasSecondFactor: false,
    createdAt: beforeMs,
    ...part,
  }
}

/** Some rights of the policy table, enough to fill the page. */
export const fakeRights = [
  {
    resource: 'booking',
    verb: 'read',
    role: 'administrator' as const,
    reach: 'hospital' as const,
    masked: ['name' as const],
  },
  { resource: 'booking', verb: 'read', role: 'doctor' as const, reach: 'own' as const, masked: ['name' as const] },
  {
    resource: 'booking',
    verb: 'create',
    role: 'front-desk' as const,
    reach: 'hospital' as const,
    masked: ['name' as const],
  },
  { resource: 'staff', verb: 'read', role: 'department-head' as const, reach: 'department' as const, masked: [] },
]

/** What these calls read of the centre in memory. */
interface Held {
  now: number
  accounts: AccountRow[]
}

type Answering = <Input, Output>(
  call: string,
  answer: (centre: Held, input: Input | undefined) => Output,
) => (input?: Input, ..._rest: unknown[]) => Promise<Output>

/** The calls about accounts, departments and staff, as the centre would answer them. */
export function fakePeople(answering: Answering): Pick<CentreClient, 'account' | 'organisation' | 'staff'> {
  return {
    account: {
      list: answering('account.list', ({ accounts }) => ({ accounts: [...accounts] })),
      create: answering('account.create', () => ({ userId: 'u9', oneTimePassword: 'mq7v-kt2a-9wre-x4hd' })),
      change: answering('account.change', ({ now }) => ({ changedAt: now })),
      setDisabled: answering('account.setDisabled', ({ now }) => ({ changedAt: now })),
      reset: answering('account.reset', () => ({ oneTimePassword: 'mq7v-kt2a-9wre-x4hd' })),
    },
    organisation: {
      tree: answering('organisation.tree', () => fakeTree),
      putDepartment: answering('organisation.putDepartment', () => ({ departmentId: uuid(1) })),
      putPost: answering('organisation.putPost', () => ({ postId: uuid(1) })),
    },
    staff: {
      list: answering('staff.list', () => ({ staff: [...fakeStaffList], nameShowing: 'masked' as const })),
      put: answering('staff.put', () => ({ staffId: uuid(1) })),
      setPhoto: answering('staff.setPhoto', () => ({ photoVersion: 1 })),
      photo: answering('staff.photo', () => ({ mediaType: 'image/png' as const, photo: '', version: 1 })),
      codes: answering('staff.codes', () => ({ codes: [...fakeServiceCodes] })),
      issueCode: answering('staff.issueCode', () => ({ code: '48213' })),
      retireCode: answering('staff.retireCode', ({ now }) => ({ retiredAt: now })),
      setPanelPin: answering('staff.setPanelPin', () => ({ set: true })),
      setPanelCard: answering('staff.setPanelCard', () => ({ panelCards: 1 })),
      showNames: answering('staff.showNames', () => ({ showing: 'masked' as const })),
      wardDay: answering('staff.wardDay', () => ({
        shifts: [{ staffId: uuid(702), departmentId: uuid(502), shift: 'day' as const }],
      })),
      assignWard: answering('staff.assignWard', () => ({ assigned: true })),
    },
  }
}
