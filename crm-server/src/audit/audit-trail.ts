import type { AuditQuestion, AuditRow, AuditState } from '@yizhan/contracts/audit'
import { type CentreDb, inTenant } from '../postgres/database.ts'
import type { Caller } from '../tenant/tenant-scope.ts'
import { recordRead } from './audit.ts'
import { readChainState, readTrail, readTrailChoices } from './audit-trail-store.ts'

/** A page of the trail, and where the next one begins; null after the last. */
export interface TrailPage {
  rows: AuditRow[]
  next: { at: number; auditId: string } | null
}

/** What one screen shows of it without a wait. */
const rowsPerPage = 50
const choicesOfMs = 30 * 24 * 3_600_000

/** A page of the audit trail, the youngest row first. Who looks through it leaves a row too. */
export async function listTrail(db: CentreDb, caller: Caller, question: AuditQuestion): Promise<TrailPage> {
  return await inTenant(db, caller, async (tx) => {
    const found = await readTrail({ tx, tenantId: caller.tenantId }, question, rowsPerPage + 1)
    await recordRead(tx, caller, {
      action: 'audit-read',
      objectKind: 'audit',
      objectId: question.objectId ?? question.actorId ?? question.action ?? caller.tenantId,
      shown: [],
    })
    const rows = found.slice(0, rowsPerPage)
    const last = rows.at(-1)
    const more = found.length > rowsPerPage && last !== undefined
    return { rows, next: more ? { at: last.at, auditId: last.auditId } : null }
  })
}

/** How the chain stands, and what the trail can be narrowed down to. */
export async function readTrailState(db: CentreDb, caller: Caller): Promise<AuditState> {
  const { tenantId, nowMs } = caller
  return await inTenant(db, caller, async (tx) => ({
    ...(await readChainState({ tx, tenantId })),
    ...(await readTrailChoices({ tx, tenantId }, nowMs - choicesOfMs)),
    asOf: nowMs,
  }))
}
