import { listTrail, readTrailState } from '../audit/audit-trail.ts'
import type { CentreDb } from '../postgres/database.ts'
import type { StaffCalls } from './staff-calls.ts'

/** The calls about the audit trail. */
export function auditCalls(staff: StaffCalls, db: CentreDb) {
  return {
    list: staff.audit.list.handler(async ({ input, context }) => ({
      ...(await listTrail(db, context.staff, input)),
      asOf: context.staff.nowMs,
    })),
    state: staff.audit.state.handler(({ context }) => readTrailState(db, context.staff)),
  }
}
