import type { AuditFinding } from '@yizhan/contracts/audit'
import type { Defaulted, Json, Moment, MomentOrNull } from './column-types.ts'

/** Keys by which a hospital seals and indexes its fields, wrapped by the centre's own. */
export interface TenantKeyTable {
  tenant_id: string
  purpose: 'field' | 'index'
  key_id: number
  wrapped: Buffer | null
  made_at: Defaulted<Date>
}

/** The audit trail. */
export interface AuditTable {
  tenant_id: string
  audit_id: string
  at: Moment
  actor_kind: 'user' | 'station' | 'system'
  actor_id: string
  action: string
  object_kind: string
  object_id: string
  request_id: string
  verb: Defaulted<'read' | 'write'>
  roles: string[] | null
  reason: string | null
  station_id: string | null
  station_at: MomentOrNull
  shown_ids: string[] | null
  shown_count: number | null
  before_hash: Buffer | null
  after_hash: Buffer | null
}

/** Rows of the trail that no block holds yet. */
export interface AuditWaitingTable {
  tenant_id: string
  audit_id: string
  xid: Defaulted<string>
}

/** The blocks of the chain. */
export interface AuditBlockTable {
  tenant_id: string
  block: number
  format: number
  first_row: number
  row_count: number
  entries: Buffer | null
  sealed_at: Moment
  previous_head: Buffer
  head: Buffer
  signature: Buffer
}

/** How the chain was found last. */
export interface AuditCheckTable {
  tenant_id: string
  checked_at: Moment
  blocks: number
  rows: number
  findings: Json<AuditFinding[]>
}
