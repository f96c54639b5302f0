import type { ConflictKind, ConflictRow, ConflictSettlement } from '@yizhan/contracts/appointment'
import { instantMs } from '@yizhan/contracts/time'
import { hospitalCalendar } from '@yizhan/rules/working-time/hospital-time'
import { z } from 'zod'
import { type FieldMask, fieldMask } from '../access/field-mask.ts'
import { tenantOf } from '../access/reach.ts'
import { type Reader, recordAudit, recordRead } from '../audit/audit.ts'
import { type CentreDb, inTenant } from '../postgres/database.ts'
import { ring } from '../sync/bell.ts'
import { type OperationReused, once } from '../tenant/carried-out-once.ts'
import { hospitalOf } from '../tenant/tenant.ts'
import { type Caller, inScope, type Outcome } from '../tenant/tenant-scope.ts'
import { lockConflict, markSettled, readConflicts, type StoredConflict } from './conflict-store.ts'

/** A day on which more patients check in twice than this has another problem than conflicts. */
const mostConflicts = 500

/** Every open conflict (签到冲突) of a hospital, and those that were settled today. */
export async function listConflicts(db: CentreDb, who: Reader, nowMs: number): Promise<ConflictRow[]> {
  const tenantId = tenantOf(who)
  const shown = fieldMask(who, 'booking')
  return await inTenant(db, who, async (tx) => {
    const { zone } = await hospitalOf(tx, tenantId)
    const today = { day: hospitalCalendar(zone).dayOf(nowMs), zone }
    const rows = await readConflicts(tx, tenantId, today, mostConflicts)
    const read = { action: 'conflicts-read', objectKind: 'day', objectId: today.day }
    await recordRead(tx, who, { ...read, shown: rows.map(({ bookingId }) => bookingId) })
    return rows.map((row) => conflictRowOf(row, shown))
  })
}

function conflictRowOf({ patientName, ...conflict }: StoredConflict, shown: FieldMask): ConflictRow {
  return { ...conflict, patientNameMasked: patientName === null ? '' : shown('name', patientName) }
}

const settled = z.strictObject({ settledAt: instantMs })

/** Notes what staff did about a conflict; refused when it is about more than they saw. */
export async function settleConflict(
  db: CentreDb,
  caller: Caller,
  input: {
    bookingId: string
    kind: ConflictKind
    version: number
    settlement: ConflictSettlement
    operationId: string
  },
  byName: string,
): Promise<Outcome<z.infer<typeof settled>, 'conflict-unknown' | 'conflict-changed' | OperationReused>> {
  const operation = { operationId: input.operationId, call: 'settle-conflict', input, answer: settled }
  return await inScope(db, caller, (scope) =>
    once(scope, operation, async () => {
      const version = await lockConflict(scope, input)
      if (version === null) return { ok: false, error: 'conflict-unknown' }
      if (version !== input.version) return { ok: false, error: 'conflict-changed' }
      await markSettled(scope, { ...input, byName })
      const action = `conflict-settled-${input.settlement}`
      await recordAudit(scope, { action, objectKind: `conflict-${input.kind}`, objectId: input.bookingId })
      await ring(scope, 'bookings')
      return { ok: true, value: { settledAt: scope.nowMs } }
    }),
  )
}
