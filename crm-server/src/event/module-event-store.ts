import type { ModuleEventName } from '@yizhan/contracts/module-event'
import { sql } from 'kysely'
import type { TenantTx } from '../postgres/database.ts'
import type { TenantScope } from '../tenant/tenant-scope.ts'

/** An event on its way into the tables, with those who are to hear of it. */
interface ToldEvent {
  eventId: string
  name: ModuleEventName
  version: number
  objectId: string
  body: Record<string, unknown>
  consumers: readonly string[]
}

/**
 * Writes an event and its deliveries, in one statement. The position is drawn under a lock of the object, held until the transaction
 * ends: of two events of one object the one with the lower position is committed first, which no transaction id promises.
 */
export async function insertModuleEvent({ tx, tenantId, nowMs, actor }: TenantScope, event: ToldEvent): Promise<void> {
  const { eventId, name, version, objectId, body, consumers } = event
  const now = new Date(nowMs)
  await sql`
    with held as materialized (
      select pg_advisory_xact_lock(hashtextextended(${`module-event/${tenantId}/${objectId}`}, 0)) as lock),
    told as (
      insert into module_event (tenant_id, event_id, name, version, object_id, body, occurred_at, actor_kind, actor_id, request_id)
      select ${tenantId}::uuid, ${eventId}::uuid, ${name}, ${version}::int, ${objectId}::uuid, ${JSON.stringify(body)}::jsonb,
        ${now}::timestamptz, ${actor.kind}, ${actor.id}, ${actor.requestId} from held
      returning position)
    insert into event_delivery (tenant_id, consumer, event_id, object_id, position, state, next_try_at)
    select ${tenantId}::uuid, consumer, ${eventId}::uuid, ${objectId}::uuid, told.position, 'pending', ${now}::timestamptz
    from told cross join unnest(${[...consumers]}::text[]) as consumer`.execute(tx)
}

/** A delivery that is due, with its event. */
export interface DueDelivery {
  consumer: string
  eventId: string
  name: string
  version: number
  body: unknown
  occurredAt: number
  attempts: number
}

/**
 * Takes the next delivery that is due and holds it until the transaction ends; undefined when there is none. One whose object has an
 * earlier delivery to the same consumer under way waits for it; one that was set aside holds nobody up.
 */
export async function lockNextDelivery(
  tx: TenantTx,
  tenantId: string,
  nowMs: number,
): Promise<DueDelivery | undefined> {
  const { rows } = await sql<DueDelivery>`
    select d.consumer, d.event_id as "eventId", e.name, e.version, e.body,
      (extract(epoch from e.occurred_at) * 1000)::bigint as "occurredAt", d.attempts
    from event_delivery d join module_event e on e.tenant_id = d.tenant_id and e.event_id = d.event_id
    where d.tenant_id = ${tenantId} and d.state = 'pending' and d.next_try_at <= ${new Date(nowMs)}
      and not exists (select from event_delivery earlier where earlier.tenant_id = d.tenant_id
        and earlier.consumer = d.consumer and earlier.object_id = d.object_id and earlier.state = 'pending'
        and earlier.position < d.position)
    order by d.position limit 1 for update of d skip locked`.execute(tx)
  return rows[0]
}

/** Marks a delivery as carried out. */
export async function markDelivered(
  { tx, tenantId, nowMs }: TenantScope,
  { consumer, eventId }: Pick<DueDelivery, 'consumer' | 'eventId'>,
): Promise<void> {
  await tx
    .updateTable('event_delivery')
    .set({ state: 'delivered', settled_at: new Date(nowMs), reason: null })
    .where('tenant_id', '=', tenantId)
    .where('consumer', '=', consumer)
    .where('event_id', '=', eventId)
    .execute()
}

/** Notes a try that failed: the delivery waits for its next one, or is set aside after its last. */
export async function noteFailedTry(
  tx: TenantTx,
  failed: Pick<DueDelivery, 'consumer' | 'eventId' | 'attempts'> & {
    tenantId: string
    reason: string
    nextTryMs: number | null
  },
): Promise<void> {
  await tx
    .updateTable('event_delivery')
    .set({
      attempts: failed.attempts,
      reason: failed.reason,
      ...(failed.nextTryMs === null ? { state: 'dead' as const } : { next_try_at: new Date(failed.nextTryMs) }),
    })
    .where('tenant_id', '=', failed.tenantId)
    .where('consumer', '=', failed.consumer)
    .where('event_id', '=', failed.eventId)
    .where('state', '=', 'pending')
    .execute()
}

/** Drops a portion of the events before a moment that nobody has still to hear; how many there were. */
export async function dropHeardEvents(
  tx: TenantTx,
  tenantId: string,
  { beforeMs, atOnce }: { beforeMs: number; atOnce: number },
): Promise<number> {
  const { rows } = await sql<{ dropped: number }>`
    with old as (
      select event_id from module_event e where tenant_id = ${tenantId} and occurred_at < ${new Date(beforeMs)}
        and not exists (select from event_delivery d where d.tenant_id = e.tenant_id and d.event_id = e.event_id
          and d.state <> 'delivered')
      order by occurred_at limit ${atOnce}),
    deliveries as (
      delete from event_delivery where tenant_id = ${tenantId} and event_id in (select event_id from old)),
    events as (
      delete from module_event where tenant_id = ${tenantId} and event_id in (select event_id from old) returning 1)
    select count(*)::int as dropped from events`.execute(tx)
  return rows[0]?.dropped ?? 0
}
