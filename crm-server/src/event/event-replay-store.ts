import type { ConsumerRow, DeadDelivery } from '@yizhan/contracts/module-event'
import { sql } from 'kysely'
import type { TenantTx } from '../postgres/database.ts'
import type { TenantScope } from '../tenant/tenant-scope.ts'

type Counted = Omit<ConsumerRow, 'consumer' | 'hears'>

/** The deliveries of each consumer in figures. */
export async function readConsumers(tx: TenantTx, tenantId: string): Promise<Map<string, Counted>> {
  const { rows } = await sql<Counted & { consumer: string }>`
    select d.consumer, count(*) filter (where d.state = 'pending')::int as waiting,
      count(*) filter (where d.state = 'dead')::int as dead,
      min(e.occurred_at) filter (where d.state = 'pending') as "oldestAt",
      max(d.settled_at) filter (where d.state = 'delivered') as "lastDeliveredAt"
    from event_delivery d join module_event e on e.tenant_id = d.tenant_id and e.event_id = d.event_id
    where d.tenant_id = ${tenantId} group by d.consumer`.execute(tx)
  return new Map(rows.map(({ consumer, ...counted }) => [consumer, counted]))
}

/** The deliveries that were set aside, the oldest first. */
export async function readDeadDeliveries(tx: TenantTx, tenantId: string, most: number): Promise<DeadDelivery[]> {
  const { rows } = await sql<DeadDelivery>`
    select d.consumer, d.event_id as "eventId", e.name, e.occurred_at as "occurredAt", d.attempts, d.reason
    from event_delivery d join module_event e on e.tenant_id = d.tenant_id and e.event_id = d.event_id
    where d.tenant_id = ${tenantId} and d.state = 'dead' order by d.position limit ${most}`.execute(tx)
  return rows
}

/** Makes a delivery that was set aside due again; false when there is none. */
export async function reviveDelivery(
  { tx, tenantId, nowMs }: TenantScope,
  { consumer, eventId }: { consumer: string; eventId: string },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('event_delivery')
    .set({ state: 'pending', attempts: 0, next_try_at: new Date(nowMs) })
    .where('tenant_id', '=', tenantId)
    .where('consumer', '=', consumer)
    .where('event_id', '=', eventId)
    .where('state', '=', 'dead')
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

interface HeardSpan {
  names: readonly string[]
  from: number
  until: number
}

/** How many events of these names there are of a span. */
export async function countHeardEvents(
  tx: TenantTx,
  tenantId: string,
  { names, from, until }: HeardSpan,
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from module_event where tenant_id = ${tenantId} and name = any (${[...names]}::text[])
      and occurred_at >= ${new Date(from)} and occurred_at < ${new Date(until)}`.execute(tx)
  return rows[0]?.count ?? 0
}

/** Makes every event of a span due to a consumer, heard before or not; how many there were. */
export async function redeliverEvents(
  { tx, tenantId, nowMs }: TenantScope,
  { consumer, names, from, until }: HeardSpan & { consumer: string },
): Promise<number> {
  const { numAffectedRows } = await sql`
    insert into event_delivery (tenant_id, consumer, event_id, object_id, position, state, next_try_at)
    select tenant_id, ${consumer}, event_id, object_id, position, 'pending', ${new Date(nowMs)}::timestamptz
    from module_event where tenant_id = ${tenantId} and name = any (${[...names]}::text[])
      and occurred_at >= ${new Date(from)} and occurred_at < ${new Date(until)}
    on conflict (tenant_id, event_id, consumer) do update
      set state = 'pending', attempts = 0, next_try_at = excluded.next_try_at, reason = null, settled_at = null`.execute(
    tx,
  )
  return Number(numAffectedRows ?? 0)
}
