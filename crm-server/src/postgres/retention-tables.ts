import type { Moment, MomentOrNull } from './column-types.ts'

/** Periods that a hospital has set for itself. */
export interface RetentionPeriodTable {
  tenant_id: string
  rule: string
  kept_days: number
}

/** Patients of whom nothing may go. */
export interface LegalHoldTable {
  tenant_id: string
  hold_id: string
  patient_key: string
  reason: string
  placed_at: Moment
  placed_by: string
  lifted_at: MomentOrNull
  lifted_by: string | null
}

/** Patients who were erased. */
export interface ErasureTable {
  tenant_id: string
  patient_key: string
  reason: string
  done_at: Moment
  done_by: string
}
