import { eraseOldContacts } from '../appointment/contact-erasure.ts'
import { forgetOldAudit } from '../audit/audit-retention.ts'
import { forgetOldAnswers } from '../tenant/carried-out-once.ts'
import type { TenantScope } from '../tenant/tenant-scope.ts'

/** One kind of thing that is kept for a time and then goes. */
export interface RetentionRule {
  name: string
  /** A hospital may keep it longer, never shorter. */
  leastKeptDays: number
  /** Lets go of what is older than a moment, at most so many, in the transaction of the scope; answers how many went. */
  letGo(scope: TenantScope, olderThanMs: number, limit: number): Promise<number>
}

const yearDays = 366

/**
 * What is kept how long (保存期限). A feature with things of its own adds its line; what a standing legal hold names is left out by
 * `letGo` itself. The audit trail: three years, as the assessments of personal information (PIPL article 56). Contacts of
 * bookings: as long as a complaint about the visit may look for them. Answers to repeated calls: longer than any station is offline.
 */
export const retentionRules: readonly RetentionRule[] = [
  { name: 'audit', leastKeptDays: 3 * yearDays, letGo: forgetOldAudit },
  { name: 'booking-contact', leastKeptDays: 3 * yearDays, letGo: eraseOldContacts },
  { name: 'operation-answer', leastKeptDays: yearDays, letGo: forgetOldAnswers },
]
