import type { AttachmentState, MediaType } from '@yizhan/contracts/attachment'
import type { DeviceChangeSource, DeviceKind, DevicePhase, DeviceReason, EvidenceLevel } from '@yizhan/contracts/device'
import type { StationAlarm } from '@yizhan/contracts/fleet'
import type { StationAbout } from '@yizhan/contracts/pairing'
import type { ReadinessReport } from '@yizhan/contracts/readiness'
import type { ReceiptRow } from '@yizhan/contracts/receipt'
import type { Defaulted, Json, Moment, MomentOrNull } from './column-types.ts'

/** Alarms of stations. */
export interface StationAlarmTable {
  tenant_id: string
  alarm_id: string
  station_id: string
  kind: StationAlarm['kind']
  detail: Json<StationAlarm['detail']>
  raised_at: Moment
  acknowledged_at: MomentOrNull
  acknowledged_by: string | null
}

/** Machines that ask to be let in. */
export interface PairingTable {
  tenant_id: string
  pairing_id: string
  station_id: string
  public_key: string
  key_fingerprint: string
  code_hash: Buffer
  about: Json<StationAbout>
  begun_at: Moment
  expires_at: Moment
  approved_at: MomentOrNull
  refused_at: MomentOrNull
}

/** How often wrong pairing codes were typed. */
export interface PairingLimitTable {
  tenant_id: string
  user_id: string
  tries: number
  window_ends_at: Moment
}

/** What became of devices. */
export interface DeviceChangeTable {
  tenant_id: string
  station_id: string
  change_id: string
  device_id: string
  kind: DeviceKind
  phase: DevicePhase
  reasons: DeviceReason[]
  evidence: EvidenceLevel | null
  source: DeviceChangeSource
  seq: number
  changed_at: Moment
  received_at: Moment
}

/** Attachments of patients, known from the event or from the upload that tells of them. */
export interface AttachmentTable {
  tenant_id: string
  attachment_id: string
  station_id: string
  media_type: MediaType
  byte_length: number
  salt: Buffer
  digest: Buffer
  made_at: Moment
  heard_at: Moment
  received_bytes: Defaulted<number>
  state: AttachmentState
}

/** The bytes of attachments, sealed part by part. */
export interface AttachmentPartTable {
  tenant_id: string
  attachment_id: string
  begins_at: number
  sealed: Buffer
}

/** What stations gave receipt numbers. */
export interface ReceiptTable {
  tenant_id: string
  receipt_id: string
  receipt_number: string
  kind: ReceiptRow['kind']
  station_id: string
  issued_at: Moment
  report: Json<ReadinessReport>
}
