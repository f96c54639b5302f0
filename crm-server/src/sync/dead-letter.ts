import type { SetAsideEvent } from '@yizhan/contracts/fleet'
import { queueNumber } from '@yizhan/contracts/queue'
import { instantMs } from '@yizhan/contracts/time'
import { z } from 'zod'
import { tenantOf, type Who } from '../access/reach.ts'
import { recordAudit } from '../audit/audit.ts'
import { type CentreDb, inTenant, type TenantTx } from '../postgres/database.ts'
import { type OperationReused, once } from '../tenant/carried-out-once.ts'
import { type Caller, inScope, type Outcome } from '../tenant/tenant-scope.ts'
import { ring } from './bell.ts'
import { countSetAside, isStation, readSetAside, reopenSetAside, settleSetAsideRow } from './dead-letter-store.ts'

/** What one page shows; whoever has more than that settles or replays these first. */
const mostShown = 200

const replayed = z.strictObject({ replayed: z.int().min(0) })
const settled = z.strictObject({ settledAt: instantMs })
const numbered = z.object({ queueNumber })

/** How many events of each station are set aside (死信), and since when the oldest of them is. */
export async function setAsideByStation(
  tx: TenantTx,
  tenantId: string,
): Promise<Map<string, { parked: number; failed: number; since: number }>> {
  const counted = await countSetAside(tx, tenantId)
  return new Map(counted.map(({ station_id, parked, failed, since }) => [station_id, { parked, failed, since }]))
}

/**
 * The events of a station that the centre stored and could not apply (死信), the oldest first. Of their content only a queue number:
 * by it the desk finds whom it is about, and no other part of an event that nobody understood is known to be harmless.
 */
export async function listSetAside(
  db: CentreDb,
  who: Who,
  stationId: string,
): Promise<Outcome<SetAsideEvent[], 'station-unknown'>> {
  const tenantId = tenantOf(who)
  return await inTenant(db, who, async (tx) => {
    if (!(await isStation(tx, tenantId, stationId))) return { ok: false, error: 'station-unknown' }
    return { ok: true, value: (await readSetAside(tx, tenantId, stationId, mostShown)).map(shownOf) }
  })
}

function shownOf(row: Awaited<ReturnType<typeof readSetAside>>[number]): SetAsideEvent {
  return {
    eventId: row.event_id,
    type: row.type,
    schemaVersion: row.schema_version,
    occurredAt: row.occurred_at,
    receivedAt: row.received_at,
    state: row.state === 'parked' ? 'parked' : 'failed',
    reason: row.reason,
    queueNumber: numbered.safeParse(JSON.parse(row.body)).data?.queueNumber ?? null,
  }
}

/** Tries every event of a station that is set aside once more: after an upgrade, or once its cause is gone. Who did is in the audit trail. */
export async function replaySetAside(
  db: CentreDb,
  caller: Caller,
  input: { stationId: string; operationId: string },
): Promise<Outcome<z.infer<typeof replayed>, 'station-unknown' | OperationReused>> {
  const operation = { operationId: input.operationId, call: 'replay-set-aside', input, answer: replayed }
  return await inScope(db, caller, (scope) =>
    once(scope, operation, async () => {
      if (!(await isStation(scope.tx, scope.tenantId, input.stationId))) return { ok: false, error: 'station-unknown' }
      const count = await reopenSetAside(scope, input.stationId)
      await recordAudit(scope, { action: 'events-replayed', objectKind: 'station', objectId: input.stationId })
      await ring(scope, 'inbox', 'stations')
      return { ok: true, value: { replayed: count } }
    }),
  )
}

/** Settles an event that will never be applied; who says so, and why, stays with it, and it stays stored. */
export async function settleSetAside(
  db: CentreDb,
  caller: Caller,
  input: { stationId: string; eventId: string; operationId: string; reason: string },
): Promise<Outcome<z.infer<typeof settled>, 'event-unknown' | OperationReused>> {
  const operation = { operationId: input.operationId, call: 'settle-set-aside', input, answer: settled }
  return await inScope(db, caller, (scope) =>
    once(scope, operation, async () => {
      if (!(await settleSetAsideRow(scope, input))) return { ok: false, error: 'event-unknown' }
      const { eventId: objectId, reason } = input
      await recordAudit(scope, { action: 'event-settled', objectKind: 'event', objectId, reason })
      await ring(scope, 'stations')
      return { ok: true, value: { settledAt: scope.nowMs } }
    }),
  )
}
