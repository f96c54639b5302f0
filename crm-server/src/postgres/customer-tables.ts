import type {
  ConsentChannel,
  ConsentPurpose,
  DetailKind,
  HealthKind,
  InteractionChannel,
  PersonSex,
  PersonSource,
  PersonState,
  RelationKind,
  VisitKind,
  VisitOutcome,
} from '@yizhan/contracts/customer-record'
import type { CheckupFlag, GroupContactRole, GroupRelation } from '@yizhan/contracts/group-customer'
import type { Json, Moment, MomentOrNull } from './column-types.ts'

/** Persons. */
export interface PersonTable {
  tenant_id: string
  person_id: string
  name: string
  name_initials: string
  sex: PersonSex
  birth_date: string | null
  occupation: string | null
  interests: string[]
  habits: string[]
  state: PersonState
  source: PersonSource
  site_id: string | null
  department_id: string | null
  doctor_staff_id: string | null
  carer_staff_id: string | null
  merged_into: string | null
  version: number
  created_at: Moment
  created_by: string
  updated_at: Moment
  updated_by: string
}

/** What persons are reached and known by. */
export interface PersonDetailTable {
  tenant_id: string
  detail_id: string
  person_id: string
  kind: DetailKind
  value_sealed: Buffer | null
  blind_index: Buffer | null
  card_hash: string | null
  last4: string | null
  label: string | null
  since: Moment
  ended_at: MomentOrNull
}

/** Who is what to whom. */
export interface PersonRelationTable {
  tenant_id: string
  relation_id: string
  person_id: string
  kind: RelationKind
  name: string
  relationship: string | null
  phone_sealed: Buffer | null
  other_person_id: string | null
  is_guardian: boolean
  valid_from: string | null
  valid_until: string | null
  since: Moment
  ended_at: MomentOrNull
}

/** The ledger of consents. */
export interface PersonConsentTable {
  tenant_id: string
  consent_id: string
  person_id: string
  purpose: ConsentPurpose
  channel: ConsentChannel
  is_given: boolean
  text_version: string
  guardian_relation_id: string | null
  at: Moment
  by_user: string
  by_name: string
}

/** What was said between persons and the hospital. */
export interface PersonInteractionTable {
  tenant_id: string
  interaction_id: string
  person_id: string
  channel: InteractionChannel
  direction: 'in' | 'out'
  at: Moment
  summary: string
  by_user: string
  by_name: string
}

/** Tags of persons. */
export interface PersonTagTable {
  tenant_id: string
  tag_id: string
  person_id: string
  tag: string
  since: Moment
  ended_at: MomentOrNull
}

/** Allergies and histories. */
export interface PersonHealthItemTable {
  tenant_id: string
  item_id: string
  person_id: string
  kind: HealthKind
  text: string
  is_denied: boolean
  since: Moment
  ended_at: MomentOrNull
}

/** Visits. */
export interface VisitTable {
  tenant_id: string
  visit_id: string
  person_id: string
  kind: VisitKind
  site_id: string | null
  department_id: string | null
  department_name: string
  doctor_staff_id: string | null
  doctor_name: string
  started_at: Moment
  ended_at: MomentOrNull
  icd_codes: string[]
  diagnosis: string
  orders: string[]
  fee_fen: number
  outcome: VisitOutcome | null
}

/** Files that may be one person's. */
export interface PersonDuplicateTable {
  tenant_id: string
  one_id: string
  other_id: string
  score: number
  reasons: string[]
  doubts: string[]
  found_at: Moment
  dismissed_at: MomentOrNull
  dismissed_by: string | null
}

/** Which rows went along in a merge: ids by `table.column`. */
export type MovedRows = Record<string, string[]>
/** What the survivor took, by column: as it was and as it then became, as JSON values. */
export type TakenFields = Record<string, { before: unknown; after: unknown }>

/** Merges and what they moved. */
export interface MergeLogTable {
  tenant_id: string
  merge_id: string
  survivor_id: string
  merged_id: string
  moved: Json<MovedRows>
  taken: Json<TakenFields>
  merged_at: Moment
  merged_by: string
  merged_by_name: string
  undone_at: MomentOrNull
  undone_by: string | null
  undone_by_name: string | null
}

/** Groups whose people are looked after together. */
export interface GroupCustomerTable {
  tenant_id: string
  group_id: string
  name: string
  address: string | null
  phone: string | null
  fax: string | null
  website: string | null
  email: string | null
  manager: string | null
  business: string | null
  headcount: number | null
  relation: GroupRelation
  opportunities: string | null
  version: number
  created_at: Moment
  updated_at: Moment
  updated_by: string
}

/** Whom the hospital speaks to at a group. */
export interface GroupContactTable {
  tenant_id: string
  contact_id: string
  group_id: string
  name: string
  role: GroupContactRole
  post: string | null
  phone_sealed: Buffer | null
  email: string | null
  since: Moment
  ended_at: MomentOrNull
}

/** Who belongs to a group. */
export interface GroupMemberTable {
  tenant_id: string
  member_id: string
  group_id: string
  person_id: string
  since: Moment
  ended_at: MomentOrNull
}

/** Results of check-ups, item by item. */
export interface CheckupResultTable {
  tenant_id: string
  result_id: string
  person_id: string
  group_id: string | null
  checked_on: string
  item: string
  value: string
  unit: string | null
  flag: CheckupFlag
  advice: string | null
  recorded_at: Moment
}
