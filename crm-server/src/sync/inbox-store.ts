import { momentOf, type TenantTx } from '../postgres/database.ts'
import type { InboxState } from '../postgres/tables.ts'
import type { TenantScope } from '../tenant/tenant-scope.ts'
import type { StoredEvent } from './event-handler.ts'

/** An event that is due: how often it was tried, and whether an event of its id was applied and its row dropped since. */
export type DueEvent = StoredEvent & { attempts: number; isKnown: boolean }

/** The next event that is due, held for this transaction; events that another node holds are passed over. */
export async function lockNextEvent(tx: TenantTx, tenantId: string, nowMs: number): Promise<DueEvent | undefined> {
  return await tx
    .selectFrom('inbox')
    .select([
      'event_id as eventId',
      'station_id as stationId',
      'epoch',
      'lane',
      'seq',
      'type',
      'schema_version as schemaVersion',
    ])
    .select(['occurred_at as occurredAt', 'body', 'hlc', 'attempts'])
    .select(({ exists, selectFrom }) =>
      exists(
        selectFrom('applied_event')
          .select('applied_event.event_id')
          .whereRef('applied_event.tenant_id', '=', 'inbox.tenant_id')
          .whereRef('applied_event.event_id', '=', 'inbox.event_id'),
      )
        .$castTo<boolean>()
        .as('isKnown'),
    )
    .where('tenant_id', '=', tenantId)
    .where('state', '=', 'pending')
    .where('next_try_at', '<=', momentOf(nowMs))
    .orderBy('next_try_at')
    .orderBy('station_id')
    .orderBy('epoch')
    .orderBy('seq')
    .limit(1)
    .forUpdate('inbox')
    .skipLocked()
    .executeTakeFirst()
}

/** Whether so many events have been stored since a moment and wait to be applied. */
export async function hasStoredSince(
  tx: TenantTx,
  tenantId: string,
  { sinceMs, count }: { sinceMs: number; count: number },
): Promise<boolean> {
  // A stored event is due from the moment on at which it came, and pending ones are indexed by when they are due.
  const last = await tx
    .selectFrom('inbox')
    .select('event_id')
    .where('tenant_id', '=', tenantId)
    .where('state', '=', 'pending')
    .where('next_try_at', '>', momentOf(sinceMs))
    .orderBy('next_try_at')
    .offset(count - 1)
    .limit(1)
    .executeTakeFirst()
  return last !== undefined
}

/** Says what became of an event. */
export async function settleInboxEvent(
  scope: TenantScope,
  eventId: string,
  outcome: { state: InboxState; reason: string | null },
): Promise<void> {
  await scope.tx
    .updateTable('inbox')
    .set(outcome)
    .where('tenant_id', '=', scope.tenantId)
    .where('event_id', '=', eventId)
    .execute()
}

/**
 * Notes a failed try, the `attempts`-th: due again later, or set aside after the last one. False when another node has
 * settled or tried the event since this try began; what that node wrote then stands.
 */
export async function failInboxEvent(
  tx: TenantTx,
  failure: {
    tenantId: string
    eventId: string
    attempts: number
    lastTry: boolean
    nextTryMs: number
    reason: string
  },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('inbox')
    .set({
      state: failure.lastTry ? 'failed' : 'pending',
      reason: failure.reason,
      attempts: failure.attempts,
      next_try_at: new Date(failure.nextTryMs),
    })
    .where('tenant_id', '=', failure.tenantId)
    .where('event_id', '=', failure.eventId)
    .where('state', '=', 'pending')
    .where('attempts', '=', failure.attempts - 1)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/** Makes every parked event due again. */
export async function reopenParkedEvents(tx: TenantTx, tenantId: string, nowMs: number): Promise<void> {
  await tx
    .updateTable('inbox')
    .set({ state: 'pending', next_try_at: new Date(nowMs) })
    .where('tenant_id', '=', tenantId)
    .where('state', '=', 'parked')
    .execute()
}
