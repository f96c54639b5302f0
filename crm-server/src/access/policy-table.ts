import type { MaskedField, Role, RowReach } from '@yizhan/contracts/access'

/** Who may do one thing with a resource, and how far each role's right reaches. A role that is not named may not. */
type Rights = Partial<Record<Role, RowReach>>

/** One resource as the table tells of it. */
interface ResourcePolicy {
  /** True when it shows patients: everything that reads it leaves an audit row, and a test calls each such call. */
  patientRecord?: true
  /** By verb. */
  rights: Readonly<Record<string, Rights>>
  /** What a role is shown masked only; `everyone` stands for every role. */
  masked?: Partial<Record<Role | 'everyone', readonly MaskedField[]>>
  /** The verbs whose right is worth a second factor (二次验证): whoever holds one has to set a factor up before anything else. */
  secondFactor?: readonly string[]
  /** Of those, the verbs of weight: each use asks for the factor again when it was proved too long ago (再次验证). */
  proveAgain?: readonly string[]
}

/** Those who work with the hospital's bookings as a whole. */
const bookingDesk: Rights = { administrator: 'hospital', 'front-desk': 'hospital', 'call-centre-agent': 'hospital' }

/** Those who open and keep the files of customers. */
const customerDesk: Rights = { ...bookingDesk, 'customer-manager': 'hospital' }

/** Every role: what it grants shows nothing of patients and nothing that is said about staff. */
const everybody: Rights = {
  'platform-administrator': 'hospital',
  administrator: 'hospital',
  'hospital-leader': 'hospital',
  'department-head': 'hospital',
  doctor: 'hospital',
  'follow-up-nurse': 'hospital',
  'call-centre-agent': 'hospital',
  'complaint-officer': 'hospital',
  'customer-manager': 'hospital',
  researcher: 'hospital',
  'attendance-clerk': 'hospital',
  'group-auditor': 'hospital',
  'front-desk': 'hospital',
}

/** Who hands work on within the hospital, as far as it is addressed to them, to a role of theirs or to their department. */
const coworker: Rights = {
  'platform-administrator': 'assigned',
  administrator: 'assigned',
  'hospital-leader': 'assigned',
  'department-head': 'assigned',
  doctor: 'assigned',
  'follow-up-nurse': 'assigned',
  'call-centre-agent': 'assigned',
  'complaint-officer': 'assigned',
  'customer-manager': 'assigned',
  researcher: 'assigned',
  'attendance-clerk': 'assigned',
  'front-desk': 'assigned',
}

/** The same with those who come from outside and change nothing. */
const addressed: Rights = { ...coworker, 'group-auditor': 'assigned' }

/**
 * Who may do what in this hospital (权限表): every resource, what can be done with it, by which role, and how far. The guard of
 * the calls, the conditions of queries, row-level security, field masks and the rooms of live sockets all read this one table.
 * A platform administrator sees no patient data; a group auditor reads everything masked and changes nothing.
 */
export const policyTable = {
  /** 医院、院区、门诊 */
  structure: { rights: { read: everybody } },
  /** 预约、签到、签到冲突: a doctor's own are those booked with them */
  booking: {
    patientRecord: true,
    masked: { everyone: ['name'] },
    rights: {
      read: {
        ...bookingDesk,
        'hospital-leader': 'site',
        'department-head': 'department',
        doctor: 'own',
        'follow-up-nurse': 'site',
        'complaint-officer': 'site',
        'customer-manager': 'site',
        'group-auditor': 'hospital',
      },
      create: bookingDesk,
      change: bookingDesk,
      'settle-conflict': { administrator: 'hospital', 'front-desk': 'hospital' },
    },
  },
  /**
   * 客户档案: a department's are those seen there last, a doctor's own those they saw last, a nurse's those they look after. Who
   * writes files reaches the whole hospital: a second file of one person is found only by who sees the first.
   */
  customer: {
    secondFactor: ['merge'],
    proveAgain: ['merge'],
    patientRecord: true,
    masked: {
      everyone: ['id-number'],
      administrator: ['name', 'phone', 'address'],
      'hospital-leader': ['name', 'phone', 'address'],
      'customer-manager': ['name', 'phone', 'address'],
      'group-auditor': ['name', 'phone', 'address'],
    },
    rights: {
      read: {
        ...customerDesk,
        'hospital-leader': 'site',
        'department-head': 'department',
        doctor: 'own',
        'follow-up-nurse': 'assigned',
        'group-auditor': 'hospital',
      },
      create: customerDesk,
      change: { ...customerDesk, doctor: 'own', 'follow-up-nurse': 'assigned' },
      merge: { administrator: 'hospital', 'front-desk': 'hospital', 'customer-manager': 'hospital' },
    },
  },
  /** 健康信息、就诊、体检结果: what of a customer's file is about health */
  'health-record': {
    patientRecord: true,
    rights: {
      read: {
        'department-head': 'department',
        doctor: 'own',
        'follow-up-nurse': 'assigned',
        'customer-manager': 'hospital',
        'front-desk': 'hospital',
      },
      change: {
        doctor: 'own',
        'follow-up-nurse': 'assigned',
        'customer-manager': 'hospital',
        'front-desk': 'hospital',
      },
      'record-results': { 'customer-manager': 'hospital' },
    },
  },
  /** 团体客户 */
  'group-customer': {
    patientRecord: true,
    masked: { 'hospital-leader': ['name', 'phone'], 'group-auditor': ['name', 'phone'] },
    rights: {
      read: {
        administrator: 'hospital',
        'hospital-leader': 'hospital',
        'customer-manager': 'hospital',
        'front-desk': 'hospital',
        'group-auditor': 'hospital',
      },
      change: { administrator: 'hospital', 'customer-manager': 'hospital' },
    },
  },
  /** 站点: nothing of patients */
  station: {
    secondFactor: ['manage', 'revoke'],
    proveAgain: ['revoke'],
    rights: {
      read: {
        'platform-administrator': 'hospital',
        administrator: 'hospital',
        'front-desk': 'hospital',
        'group-auditor': 'hospital',
      },
      acknowledge: { 'platform-administrator': 'hospital', administrator: 'hospital', 'front-desk': 'hospital' },
      manage: { 'platform-administrator': 'hospital', administrator: 'hospital' },
      /** 停用, also with the order to wipe itself */
      revoke: { 'platform-administrator': 'hospital', administrator: 'hospital' },
    },
  },
  /** 凭条 */
  slip: {
    patientRecord: true,
    masked: { everyone: ['name'] },
    rights: {
      read: { administrator: 'hospital', 'front-desk': 'hospital', 'group-auditor': 'hospital' },
      settle: { administrator: 'hospital', 'front-desk': 'hospital' },
    },
  },
  /** 离线数据包: the bookings of two days, sealed to a station */
  'feed-file': {
    patientRecord: true,
    secondFactor: ['export'],
    proveAgain: ['export'],
    rights: { export: { administrator: 'hospital' } },
  },
  /** 附件: what patients said or drew; nobody of the platform hears it */
  attachment: {
    patientRecord: true,
    rights: { read: { administrator: 'hospital', 'complaint-officer': 'hospital', 'hospital-leader': 'hospital' } },
  },
  /** 科室、岗位: a whole hospital reads its own tree */
  organisation: { rights: { read: everybody, manage: { administrator: 'hospital' } } },
  /** 职工: without what is said about them */
  staff: {
    rights: {
      read: {
        administrator: 'hospital',
        'hospital-leader': 'hospital',
        'department-head': 'department',
        doctor: 'own',
        'follow-up-nurse': 'department',
        'call-centre-agent': 'hospital',
        'complaint-officer': 'hospital',
        'customer-manager': 'hospital',
        'attendance-clerk': 'hospital',
        'group-auditor': 'hospital',
        'front-desk': 'hospital',
      },
      manage: { administrator: 'hospital' },
      'assign-ward': { administrator: 'hospital', 'department-head': 'department' },
    },
  },
  /** 服务代码、员工面板的 PIN 和卡 */
  'service-code': {
    rights: {
      read: { administrator: 'hospital', 'complaint-officer': 'hospital', 'group-auditor': 'hospital' },
      manage: { administrator: 'hospital' },
    },
  },
  /** 账号: who gives rights to others cannot give them to themself */
  account: {
    secondFactor: ['manage'],
    proveAgain: ['manage'],
    rights: { read: { administrator: 'hospital', 'group-auditor': 'hospital' }, manage: { administrator: 'hospital' } },
  },
  /** 审计: ids only */
  audit: { secondFactor: ['read'], rights: { read: { administrator: 'hospital', 'group-auditor': 'hospital' } } },
  /** 待办: one's own, and those of one's roles and departments */
  todo: { rights: { read: addressed, handle: coworker } },
  /** 通知公告 */
  notice: { rights: { read: addressed, publish: { administrator: 'hospital', 'hospital-leader': 'hospital' } } },
  /** 后台任务、模块事件: ids and counts, nothing of patients */
  job: {
    rights: {
      read: { 'platform-administrator': 'hospital', administrator: 'hospital', 'group-auditor': 'hospital' },
      manage: { 'platform-administrator': 'hospital', administrator: 'hospital' },
    },
  },
  /** 权限表 */
  policy: {
    rights: { read: { administrator: 'hospital', 'hospital-leader': 'hospital', 'group-auditor': 'hospital' } },
  },
} as const satisfies Record<string, ResourcePolicy>

/** What the policy table protects. */
export type Resource = keyof typeof policyTable
/** What can be done with a resource. */
export type VerbOf<R extends Resource> = Extract<keyof (typeof policyTable)[R]['rights'], string>

/** What the machines of a hospital may see and write: its stations, and the centre's own loops. */
export const machineResources: Record<'station' | 'system', readonly Resource[]> = {
  station: ['structure', 'booking', 'station', 'slip', 'attachment'],
  system: allResources(),
}

/** Every resource, in the order of the table. */
export function allResources(): Resource[] {
  return Object.keys(policyTable).filter((name): name is Resource => Object.hasOwn(policyTable, name))
}

/** The row of a resource, as the general form of all rows. */
export function policyOf(resource: Resource): ResourcePolicy {
  return policyTable[resource]
}
