import type { BookingState, ConflictKind, ConflictSettlement } from '@yizhan/contracts/appointment'
import type { OpenStanding } from '@yizhan/contracts/check-in'
import type { LocalText } from '@yizhan/contracts/local-text'
import type { PrintDecision, PrintJobState } from '@yizhan/contracts/printing'
import type { ReadinessReport } from '@yizhan/contracts/readiness'
import type { StaffNameShowing, WardShift } from '@yizhan/contracts/staff'
import type { SignedWipeOrder } from '@yizhan/contracts/station-order'
import type { FeedKind, OutboxLane, StationReport } from '@yizhan/contracts/sync'
import type { ColumnType } from 'kysely'
import type { AuditBlockTable, AuditCheckTable, AuditTable, AuditWaitingTable, TenantKeyTable } from './audit-tables.ts'
import type { Defaulted, Json, Moment, MomentOrNull, PlacedOrNull } from './column-types.ts'
import type {
  CheckupResultTable,
  GroupContactTable,
  GroupCustomerTable,
  GroupMemberTable,
  MergeLogTable,
  PersonConsentTable,
  PersonDetailTable,
  PersonDuplicateTable,
  PersonHealthItemTable,
  PersonInteractionTable,
  PersonRelationTable,
  PersonTable,
  PersonTagTable,
  VisitTable,
} from './customer-tables.ts'
import type {
  AttachmentPartTable,
  AttachmentTable,
  DeviceChangeTable,
  PairingLimitTable,
  PairingTable,
  ReceiptTable,
  StationAlarmTable,
} from './fleet-tables.ts'
import type { ErasureTable, LegalHoldTable, RetentionPeriodTable } from './retention-tables.ts'
import type {
  EventDeliveryTable,
  ModuleEventTable,
  NoticeReceiptTable,
  NoticeTable,
  StationAbsenceTable,
  TodoEntryTable,
  TodoTable,
} from './task-tables.ts'

interface TenantDirectoryTable {
  tenant_id: string
}

interface TenantTable {
  tenant_id: string
  name: Json<LocalText>
  help_desk: Json<LocalText>
  zone: string
  created_at: Moment
  staff_names: Defaulted<StaffNameShowing>
}

interface SiteTable {
  tenant_id: string
  site_id: string
  name: Json<LocalText>
  position: number
}

interface ClinicTable {
  tenant_id: string
  clinic_id: string
  site_id: string
  name: Json<LocalText>
  place: Json<LocalText>
  queue_letter: string
  opens_before_min: number
  late_after_min: number
  closes_after_min: number
  minutes_per_patient: number
  position: number
  department_id: string | null
}

interface DepartmentTable {
  tenant_id: string
  department_id: string
  site_id: string
  parent_id: string | null
  code: string
  name: Json<LocalText>
  retired_at: MomentOrNull
}

interface PostTable {
  tenant_id: string
  post_id: string
  name: Json<LocalText>
  retired_at: MomentOrNull
}

interface StaffTable {
  tenant_id: string
  staff_id: string
  staff_number: string
  name: string
  pinyin: string
  department_id: string
  other_department_ids: string[]
  post_id: string | null
  valid_from: string
  valid_to: string | null
  shown_on_kiosk: boolean
  photo_version: Defaulted<number>
  created_at: Moment
}

interface StaffPhotoTable {
  tenant_id: string
  staff_id: string
  version: number
  media_type: 'image/png' | 'image/jpeg'
  photo: Buffer
  sha256: Buffer
  taken_in_at: Moment
}

interface ServiceCodeTable {
  tenant_id: string
  code: string
  staff_id: string
  issued_at: Moment
  retired_at: MomentOrNull
}

interface PanelCredentialTable {
  tenant_id: string
  credential_id: string
  staff_id: string
  kind: 'pin' | 'card'
  hash: string
  given_at: Moment
  taken_at: MomentOrNull
}

interface WardShiftTable {
  tenant_id: string
  day: string
  shift: WardShift
  staff_id: string
  department_id: string
}

interface PatientKeyTable {
  tenant_id: string
  blind_index: Buffer
  patient_key: string
}

interface BookingTable {
  tenant_id: string
  booking_id: string
  code: string
  state: BookingState
  site_id: string
  clinic_id: string
  doctor_name: string
  patient_name: string
  patient_key: string
  phone_sealed: Buffer | null
  phone_last4: string | null
  birth_date_sealed: Buffer | null
  birth_month_day: string | null
  slot_start: Moment
  slot_end: Moment
  day: string
  moved_to: MomentOrNull
  version: number
  created_at: Moment
  card_hashes: string[]
  department_id: PlacedOrNull
  doctor_staff_id: PlacedOrNull
  person_id: string | null
  contact_erased_at: ColumnType<number | null, Date | null | undefined, Date | null>
}

interface ArrivalTable {
  tenant_id: string
  arrival_id: string
  booking_id: string
  clinic_id: string
  day: string
  queue_number: string
  standing: OpenStanding
  arrived_at: Moment
  known_by: 'feed' | 'qr'
  station_id: string
  epoch: number
  seq: number
  alias_of: string | null
  hlc: string | null
  site_id: PlacedOrNull
  department_id: PlacedOrNull
}

interface ArrivalConflictTable {
  tenant_id: string
  booking_id: string
  kind: ConflictKind
  noticed_at: Moment
  version: number
  settled_at: MomentOrNull
  settled_by: string | null
  settled_by_name: string | null
  settlement: ConflictSettlement | null
  site_id: PlacedOrNull
  department_id: PlacedOrNull
}

interface TicketPrintTable {
  tenant_id: string
  job_id: string
  station_id: string
  booking_id: string
  state: PrintJobState
  copy: number
  settled_at: Moment
  settled_by: string
  epoch: number
  seq: number
  site_id: PlacedOrNull
}

interface SlipSettlementTable {
  tenant_id: string
  job_id: string
  station_id: string
  decision: PrintDecision
  decided_at: Moment
  site_id: PlacedOrNull
}

interface StationTable {
  tenant_id: string
  station_id: string
  site_id: string
  name: Json<LocalText>
  letter: string
  public_key: string
  key_fingerprint: string
  counter: Defaulted<number>
  counters_seen: Defaulted<number>
  clock_skew_s: number | null
  last_report: ColumnType<StationReport | null, string | null, string | null>
  last_report_at: MomentOrNull
  enrolled_at: Moment
  revoked_at: MomentOrNull
  revoke_reason: string | null
  readiness: ColumnType<ReadinessReport | null, string | null, string | null>
  readiness_epoch: number | null
  readiness_seq: number | null
  key_since: MomentOrNull
  previous_public_key: string | null
  previous_key_until: MomentOrNull
  rotation_asked_at: MomentOrNull
  replaces: string | null
  highest_epoch: Defaulted<number>
  least_epoch: Defaulted<number>
  boot_id: string | null
  boot_challenge: string | null
  boot_proved: Defaulted<boolean>
  boots_heard: Defaulted<string[]>
  quarantined_at: MomentOrNull
  wipe_order: ColumnType<SignedWipeOrder | null, string | null, string | null>
  wiped_at: MomentOrNull
  boot_key_sealed: Buffer | null
  readiness_lane: Defaulted<OutboxLane>
  numbers_told_for: string | null
}

interface NumberSeriesTable {
  tenant_id: string
  queue_letter: string
  day: string
  next_number: number
}

interface NumberBlockTable {
  tenant_id: string
  block_id: string
  station_id: string
  clinic_id: string
  queue_letter: string
  day: string
  first_number: number
  last_number: number
  leased_at: Moment
}

interface SyncCursorTable {
  tenant_id: string
  station_id: string
  epoch: number
  acked_seq: number
  acked_event_id: string | null
  lane: Defaulted<OutboxLane>
}

/** Where an event stands between being stored and being understood. */
export type InboxState = 'pending' | 'applied' | 'parked' | 'failed' | 'settled'

interface AppliedEventTable {
  tenant_id: string
  event_id: string
  moment: Moment
}

interface InboxTable {
  tenant_id: string
  event_id: string
  station_id: string
  epoch: number
  seq: number
  type: string
  schema_version: number
  occurred_at: Moment
  body: string
  received_at: Moment
  state: InboxState
  reason: string | null
  attempts: Defaulted<number>
  next_try_at: Moment
  hlc: string | null
  lane: Defaulted<OutboxLane>
  settled_at: MomentOrNull
  settled_by: Defaulted<string | null>
  settled_reason: Defaulted<string | null>
}

interface FeedChangeTable {
  tenant_id: string
  /** A 64-bit transaction id, as a decimal text. */
  xid: Defaulted<string>
  change_id: string
  kind: FeedKind
  key: string
  changed_at: Moment
}

interface CentreMemoryTable {
  tenant_id: string
  history: string
  leases_granted: Defaulted<number>
  restore_id: string | null
  doubtful_until: string | null
}

interface OperationTable {
  tenant_id: string
  operation_id: string
  call: string
  input_digest: Buffer
  answer: ColumnType<unknown, string | null, string | null>
  at: Moment
}

/** The tables of schema `public`, by name; a test holds them against the database itself. */
export interface CentreTables {
  tenant_directory: TenantDirectoryTable
  tenant: TenantTable
  site: SiteTable
  clinic: ClinicTable
  department: DepartmentTable
  post: PostTable
  staff: StaffTable
  staff_photo: StaffPhotoTable
  service_code: ServiceCodeTable
  panel_credential: PanelCredentialTable
  ward_shift: WardShiftTable
  patient_key: PatientKeyTable
  tenant_key: TenantKeyTable
  booking: BookingTable
  person: PersonTable
  person_detail: PersonDetailTable
  person_relation: PersonRelationTable
  person_consent: PersonConsentTable
  person_interaction: PersonInteractionTable
  person_tag: PersonTagTable
  person_health_item: PersonHealthItemTable
  visit: VisitTable
  person_duplicate: PersonDuplicateTable
  merge_log: MergeLogTable
  group_customer: GroupCustomerTable
  group_contact: GroupContactTable
  group_member: GroupMemberTable
  checkup_result: CheckupResultTable
  arrival: ArrivalTable
  arrival_conflict: ArrivalConflictTable
  ticket_print: TicketPrintTable
  slip_settlement: SlipSettlementTable
  station: StationTable
  centre_memory: CentreMemoryTable
  station_alarm: StationAlarmTable
  pairing: PairingTable
  pairing_limit: PairingLimitTable
  device_change: DeviceChangeTable
  number_series: NumberSeriesTable
  number_block: NumberBlockTable
  sync_cursor: SyncCursorTable
  inbox: InboxTable
  applied_event: AppliedEventTable
  attachment: AttachmentTable
  attachment_part: AttachmentPartTable
  receipt: ReceiptTable
  feed_change: FeedChangeTable
  module_event: ModuleEventTable
  event_delivery: EventDeliveryTable
  station_absence: StationAbsenceTable
  todo: TodoTable
  todo_entry: TodoEntryTable
  notice: NoticeTable
  notice_receipt: NoticeReceiptTable
  audit: AuditTable
  audit_waiting: AuditWaitingTable
  audit_block: AuditBlockTable
  audit_check: AuditCheckTable
  retention_period: RetentionPeriodTable
  legal_hold: LegalHoldTable
  erasure: ErasureTable
  operation: OperationTable
}
