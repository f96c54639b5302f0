import { sql } from 'kysely'
import { momentOf, type TenantTx } from '../postgres/database.ts'
import type { InboxState } from '../postgres/tables.ts'
import type { TenantScope } from '../tenant/tenant-scope.ts'
import type { StoredEvent } from './event-handler.ts'

/** An event that is due: how often it was tried, and whether an event of its id was applied and its row dropped since. */
export type DueEvent = StoredEvent & { attempts: number; isKnown: boolean }

/** A station whose events are due. */
export interface WaitingStation {
  stationId: string
  /** Whether `portion` of them or more are due. */
  hasBacklog: boolean
  /** Whether its events are coming in right now, many at a time. */
  isSending: boolean
}

/**
 * The stations of a hospital with events that are due. One probe of the index for each station, however many events wait; a stored
 * event is due from the moment on at which it came.
 */
export async function readWaitingStations(
  tx: TenantTx,
  tenantId: string,
  at: { nowMs: number; portion: number; sending: { events: number; withinMs: number } },
): Promise<WaitingStation[]> {
  const ofStation = sql`tenant_id = ${tenantId} and state = 'pending' and station_id = w.station_id`
  const { rows } = await sql<WaitingStation>`
    with recursive w as (
      (select station_id from inbox where tenant_id = ${tenantId} and state = 'pending' order by station_id limit 1)
      union all
      select (select i.station_id from inbox i
        where i.tenant_id = ${tenantId} and i.state = 'pending' and i.station_id > w.station_id
        order by i.station_id limit 1)
      from w where w.station_id is not null)
    select station_id as "stationId",
      exists (select from inbox where ${ofStation} and next_try_at <= ${momentOf(at.nowMs)}
        order by next_try_at offset ${at.portion - 1}) as "hasBacklog",
      exists (select from inbox where ${ofStation} and next_try_at > ${momentOf(at.nowMs - at.sending.withinMs)}
        order by next_try_at offset ${at.sending.events - 1}) as "isSending"
    from w
    where station_id is not null
      and exists (select from inbox where ${ofStation} and next_try_at <= ${momentOf(at.nowMs)})`.execute(tx)
  return rows
}

/**
 * The oldest due events of a station, held for this transaction, and the station with them, so that no two nodes apply its events side
 * by side and out of order; none when another node has it.
 */
export async function lockDueEvents(
  tx: TenantTx,
  { tenantId, stationId }: { tenantId: string; stationId: string },
  nowMs: number,
  most: number,
): Promise<DueEvent[]> {
  const { rows } = await sql<DueEvent>`
    with held as materialized (
      select pg_try_advisory_xact_lock(hashtextextended(${`inbox/${tenantId}/${stationId}`}, 0)) as here)
    select event_id as "eventId", station_id as "stationId", epoch, lane, seq, type, schema_version as "schemaVersion",
      occurred_at as "occurredAt", body, hlc, attempts,
      exists (select from applied_event a where a.tenant_id = inbox.tenant_id and a.event_id = inbox.event_id) as "isKnown"
    from inbox
    where tenant_id = ${tenantId} and station_id = ${stationId} and state = 'pending'
      and next_try_at <= ${momentOf(nowMs)} and (select here from held)
    order by next_try_at, epoch, seq
    limit ${most} for update of inbox skip locked`.execute(tx)
  return rows
}

/** Says of events that they are applied. */
export async function settleAppliedEvents(tx: TenantTx, tenantId: string, eventIds: readonly string[]): Promise<void> {
  await sql`update inbox set state = 'applied', reason = null
    where tenant_id = ${tenantId} and event_id = any(${eventIds}::uuid[])`.execute(tx)
}

/** Says of an event that it was not applied just now, and why. */
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
