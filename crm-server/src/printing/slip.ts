import type { SlipRow } from '@yizhan/contracts/fleet'
import type { PrintDecision, PrintSettlementRow } from '@yizhan/contracts/printing'
import { instantMs } from '@yizhan/contracts/time'
import { decisionsFor } from '@yizhan/rules/printing/slip-decision'
import { hospitalCalendar } from '@yizhan/rules/working-time/hospital-time'
import { z } from 'zod'
import { type FieldMask, fieldMask } from '../access/field-mask.ts'
import { tenantOf } from '../access/reach.ts'
import { type Reader, recordAudit, recordRead } from '../audit/audit.ts'
import { type CentreDb, inTenant, type TenantTx } from '../postgres/database.ts'
import { ring } from '../sync/bell.ts'
import { noteFeedChange } from '../sync/feed-change.ts'
import { type OperationReused, once } from '../tenant/carried-out-once.ts'
import { hospitalOf } from '../tenant/tenant.ts'
import { type Caller, inScope, type Outcome } from '../tenant/tenant-scope.ts'
import { putDecision, readDecisions, readSlipState, readSlips, type StoredSlip } from './slip-store.ts'

/** The contract's limit: a hospital with more slips in trouble has another problem than slips. */
const mostSlips = 500
/** A station forgets its slips after 36 hours and calls the undecided ones void then. */
const heldForMs = 36 * 60 * 60_000
/** A slip prints in a second or two; one that takes longer than a report interval of 15 seconds waits for something. */
const waitsAfterMs = 15_000

/** The slips of today that staff may have to look after: waiting, of unknown outcome, or ended without paper. */
export async function listSlips(db: CentreDb, who: Reader, nowMs: number): Promise<SlipRow[]> {
  const tenantId = tenantOf(who)
  const shown = fieldMask(who, 'slip')
  return await inTenant(db, who, async (tx) => {
    const { zone } = await hospitalOf(tx, tenantId)
    const window = {
      endedOn: { day: hospitalCalendar(zone).dayOf(nowMs), zone },
      heldSinceMs: nowMs - heldForMs,
      waitingBeforeMs: nowMs - waitsAfterMs,
    }
    const slips = await readSlips(tx, tenantId, window, mostSlips)
    const read = { action: 'slips-read', objectKind: 'day', objectId: window.endedOn.day }
    await recordRead(tx, who, { ...read, shown: slips.map(({ jobId }) => jobId) })
    return slips.map((slip) => slipRowOf(slip, shown))
  })
}

function slipRowOf({ patientName, sinceMs, decision, ...slip }: StoredSlip, shown: FieldMask): SlipRow {
  return {
    ...slip,
    patientNameMasked: patientName === null ? '' : shown('name', patientName),
    since: sinceMs,
    // One that does not fit any more will not be carried out: staff are asked anew.
    decision: decision !== null && decisionsFor(slip.state).includes(decision) ? decision : null,
  }
}

const decided = z.strictObject({ decidedAt: instantMs })

/**
 * Takes down what staff decided about a slip (凭条处置); its station hears of it by the feed, carries it out, and tells what
 * became of the slip. The ledger of the station stays the truth: nothing here changes the slip's state.
 */
export async function settleSlip(
  db: CentreDb,
  caller: Caller,
  input: { jobId: string; stationId: string; operationId: string; decision: PrintDecision },
): Promise<Outcome<z.infer<typeof decided>, 'slip-unknown' | 'slip-settled' | OperationReused>> {
  const operation = { operationId: input.operationId, call: 'settle-slip', input, answer: decided }
  return await inScope(db, caller, (scope) =>
    once(scope, operation, async () => {
      const state = await readSlipState(scope, input)
      if (state === null) return { ok: false, error: 'slip-unknown' }
      if (!decisionsFor(state).includes(input.decision)) return { ok: false, error: 'slip-settled' }
      await putDecision(scope, input)
      await noteFeedChange(scope, [{ kind: 'print-settlement', key: input.jobId }])
      await recordAudit(scope, {
        action: `slip-decided-${input.decision}`,
        objectKind: 'print-job',
        objectId: input.jobId,
      })
      await ring(scope, 'stations')
      return { ok: true, value: { decidedAt: scope.nowMs } }
    }),
  )
}

/** The decisions about these slips, as rows of the feed. */
export async function decisionRows(
  tx: TenantTx,
  tenantId: string,
  jobIds: readonly string[],
): Promise<PrintSettlementRow[]> {
  return jobIds.length === 0 ? [] : await readDecisions(tx, tenantId, { jobIds })
}

/** The decisions that a station may still have to carry out, after a job id in the order of ids, as rows of the feed. */
export async function decisionRowsSince(
  tx: TenantTx,
  tenantId: string,
  question: { sinceMs: number; after: string; limit: number },
): Promise<PrintSettlementRow[]> {
  return await readDecisions(tx, tenantId, question)
}
