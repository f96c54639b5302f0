import { randomUUID } from 'node:crypto'
import { type CentreLoop, startCentreLoop } from '../centre-loop.ts'
import { inOnePicture, inTenant, tenantIds } from '../postgres/database.ts'
import { recordAudit } from './audit.ts'
import { lastBlock } from './audit-chain-store.ts'
import { holdsHead, type SealingDeps, sealAudit } from './audit-sealing.ts'
import { type AuditVerdict, verifyAudit } from './audit-verification.ts'

/** Walks a hospital's chain and keeps how it was found, for the page of the trail. */
export async function checkAudit({ db, keys, witness, now }: SealingDeps, tenantId: string): Promise<AuditVerdict> {
  const { publicKey } = await keys.auditKey(tenantId)
  // Before the chain is looked at: a block sealed meanwhile is then at worst one more than the witness knows.
  const seen = await witness.read(tenantId)
  const judge = { publicKey, witness: seen, nowMs: now() }
  const verdict = await inOnePicture(db, tenantId, (tx) => verifyAudit({ tx, tenantId }, judge))
  const { blocks, rows } = verdict
  const found = { checked_at: new Date(now()), blocks, rows, findings: JSON.stringify(verdict.findings) }
  await inTenant(db, tenantId, (tx) =>
    tx
      .insertInto('audit_check')
      .values({ tenant_id: tenantId, ...found })
      .onConflict((conflict) => conflict.column('tenant_id').doUpdateSet(found))
      .execute(),
  )
  return verdict
}

/** Takes the end of a chain that was put back on purpose as the one to hold; the trail itself says that it was done. */
export async function acceptRestore(deps: SealingDeps, tenantId: string): Promise<void> {
  const { db, witness, now } = deps
  const seen = await witness.read(tenantId)
  if (seen !== null && (await inTenant(db, tenantId, (tx) => holdsHead({ tx, tenantId }, seen)))) return
  const lost = seen === null ? 'without a witness' : `the witness knew block ${seen.block}`
  const actor = { kind: 'system' as const, id: 'audit-verify', requestId: randomUUID() }
  const last = await inTenant(db, tenantId, async (tx) => {
    const scope = { tx, tenantId, nowMs: now(), actor }
    await recordAudit(scope, {
      action: 'audit-restore-accepted',
      objectKind: 'hospital',
      objectId: tenantId,
      reason: lost,
    })
    return await lastBlock({ tx, tenantId })
  })
  if (last !== undefined) await witness.note(tenantId, { block: last.block, head: last.head.toString('hex') })
  await sealAudit(deps, tenantId)
}

/** Once a day, and some minutes after every start, when the desks are served again. */
const checkEveryMs = 24 * 3_600_000
const firstCheckAfterMs = 5 * 60_000

/** Walks every hospital's chain once a day. */
export function startAuditCheck(
  deps: SealingDeps & { onWrong: (tenantId: string, verdict: AuditVerdict) => void; onFault: (error: unknown) => void },
): CentreLoop {
  return startCentreLoop({
    everyMs: checkEveryMs,
    firstAfterMs: firstCheckAfterMs,
    onFault: deps.onFault,
    work: async (isStopping) => {
      for (const tenantId of await tenantIds(deps.db)) {
        if (isStopping()) return
        const verdict = await checkAudit(deps, tenantId)
        if (verdict.findings.length > 0) deps.onWrong(tenantId, verdict)
      }
    },
  })
}
