import type { ConflictKind, ConflictRow, ConflictSettlement } from '@yizhan/contracts/appointment'
import { sql } from 'kysely'
import type { TenantTx } from '../postgres/database.ts'
import type { TenantScope } from '../tenant/tenant-scope.ts'

/** A conflict as the tables tell of it. */
export interface StoredConflict extends Omit<ConflictRow, 'patientNameMasked'> {
  patientName: string | null
}

/** Notes conflicts of a booking; one that was known, settled or not, is open again, for it is about more than before. */
export async function putConflicts(
  scope: TenantScope,
  bookingId: string,
  kinds: readonly ConflictKind[],
): Promise<void> {
  if (kinds.length === 0) return
  const noticed = { tenant_id: scope.tenantId, booking_id: bookingId, noticed_at: new Date(scope.nowMs), version: 1 }
  await scope.tx
    .insertInto('arrival_conflict')
    .values(kinds.map((kind) => ({ ...noticed, kind, ...unsettled })))
    .onConflict((conflict) =>
      conflict.columns(['tenant_id', 'booking_id', 'kind']).doUpdateSet({
        ...unsettled,
        version: sql<number>`arrival_conflict.version + 1`,
      }),
    )
    .execute()
}

const unsettled = { settled_at: null, settled_by: null, settled_by_name: null, settlement: null }

/** Opens the conflict of the booking that was moved to this one again: its patient holds two live numbers now. */
export async function reopenMovedConflict(scope: TenantScope, bookingId: string): Promise<void> {
  await sql`
    update arrival_conflict c set version = c.version + 1, settled_at = null, settled_by = null,
      settled_by_name = null, settlement = null
    from booking moved, booking old
    where moved.tenant_id = ${scope.tenantId} and moved.booking_id = ${bookingId}
      and old.tenant_id = moved.tenant_id and old.patient_key = moved.patient_key and old.clinic_id = moved.clinic_id
      and old.moved_to = moved.slot_start
      and c.tenant_id = old.tenant_id and c.booking_id = old.booking_id and c.kind = 'moved-meanwhile'`.execute(
    scope.tx,
  )
}

/** All open conflicts, and those settled since the start of a day in a zone; the newest first, open ones before settled ones. */
export async function readConflicts(
  tx: TenantTx,
  tenantId: string,
  settledOn: { day: string; zone: string },
  limit: number,
): Promise<StoredConflict[]> {
  const { rows } = await sql<StoredConflict>`
    select c.booking_id as "bookingId", c.kind, c.version, b.patient_name as "patientName",
      clinic.name as "clinicName", (extract(epoch from b.slot_start) * 1000)::bigint as "slotStart",
      (extract(epoch from b.moved_to) * 1000)::bigint as "movedTo", a.arrivals,
      (extract(epoch from c.noticed_at) * 1000)::bigint as "noticedAt",
      case when c.settled_at is not null then jsonb_build_object('at',
        (extract(epoch from c.settled_at) * 1000)::bigint, 'byName', c.settled_by_name,
        'settlement', c.settlement) end as settled
    from arrival_conflict c
      left join booking b on b.tenant_id = c.tenant_id and b.booking_id = c.booking_id
      left join clinic on clinic.tenant_id = b.tenant_id and clinic.clinic_id = b.clinic_id
      cross join lateral (
        select jsonb_agg(jsonb_build_object('queueNumber', a.queue_number, 'arrivedAt',
          (extract(epoch from a.arrived_at) * 1000)::bigint, 'stationName', s.name, 'counts', a.alias_of is null,
          'ofMoved', a.booking_id <> c.booking_id) order by a.arrived_at, a.arrival_id) as arrivals
        from arrival a join station s on s.tenant_id = a.tenant_id and s.station_id = a.station_id
        where a.tenant_id = c.tenant_id and (a.booking_id = c.booking_id or c.kind = 'moved-meanwhile'
          and a.booking_id in (select moved.booking_id from booking moved where moved.tenant_id = b.tenant_id
            and moved.patient_key = b.patient_key and moved.clinic_id = b.clinic_id and moved.slot_start = b.moved_to))
      ) a
    where c.tenant_id = ${tenantId} and (c.settled_at is null
      or c.settled_at >= ${settledOn.day}::timestamp at time zone ${settledOn.zone}::text)
    order by c.settled_at is not null, c.noticed_at desc, c.booking_id, c.kind limit ${limit}`.execute(tx)
  return rows
}

/** The version of a conflict, held until the transaction ends; null when there is none. */
export async function lockConflict(
  { tx, tenantId }: TenantScope,
  conflict: { bookingId: string; kind: ConflictKind },
): Promise<number | null> {
  const row = await tx
    .selectFrom('arrival_conflict')
    .select('version')
    .where('tenant_id', '=', tenantId)
    .where('booking_id', '=', conflict.bookingId)
    .where('kind', '=', conflict.kind)
    .forUpdate()
    .executeTakeFirst()
  return row?.version ?? null
}

/** Notes what was done about a conflict, by whom and when. */
export async function markSettled(
  scope: TenantScope,
  conflict: { bookingId: string; kind: ConflictKind; settlement: ConflictSettlement; byName: string },
): Promise<void> {
  await scope.tx
    .updateTable('arrival_conflict')
    .set((row) => ({
      version: row('version', '+', 1),
      settled_at: new Date(scope.nowMs),
      settled_by: scope.actor.id,
      settled_by_name: conflict.byName,
      settlement: conflict.settlement,
    }))
    .where('tenant_id', '=', scope.tenantId)
    .where('booking_id', '=', conflict.bookingId)
    .where('kind', '=', conflict.kind)
    .execute()
}
