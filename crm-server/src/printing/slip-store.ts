import type { DeviceReason } from '@yizhan/contracts/device'
import type { LocalText } from '@yizhan/contracts/local-text'
import type { PrintDecision, PrintJobState, PrintSettlementRow } from '@yizhan/contracts/printing'
import { sql } from 'kysely'
import type { TenantTx } from '../postgres/database.ts'
import type { TenantScope } from '../tenant/tenant-scope.ts'

/** A slip that may need staff, as the tables tell of it. */
export interface StoredSlip {
  jobId: string
  stationId: string
  stationName: LocalText
  bookingId: string
  patientName: string | null
  queueNumber: string | null
  state: PrintJobState
  reason: DeviceReason | null
  copy: number
  sinceMs: number
  decision: PrintDecision | null
}

/** From when on slips of each kind are asked for. */
export interface SlipWindow {
  /** Slips that ended without paper, since the start of this day in this zone. */
  endedOn: { day: string; zone: string }
  /** Slips of unknown outcome, since then. */
  heldSinceMs: number
  /** Slips that wait or print without saying why, when they have done so since before then. */
  waitingBeforeMs: number
}

/**
 * The slips that staff may have to look after, the newest first: those that stations last reported as open, and those whose
 * reported end was no paper, unless a later copy of the same ticket came out. What a station has settled counts more than its
 * last report.
 */
export async function readSlips(
  tx: TenantTx,
  tenantId: string,
  window: SlipWindow,
  limit: number,
): Promise<StoredSlip[]> {
  const { rows } = await sql<StoredSlip>`
    with reported as (
      select s.station_id, (p->>'jobId')::uuid as job_id, (p->>'bookingId')::uuid as booking_id, p->>'state' as state,
        p->>'reason' as reason, (p->>'copy')::int as copy, (p->>'since')::bigint as since_ms
      from station s cross join lateral jsonb_array_elements(coalesce(s.last_report->'openPrints', '[]')) p
      where s.tenant_id = ${tenantId} and s.revoked_at is null
    ), slip as (
      select r.* from reported r
      where (r.state = 'held' or r.reason is not null or r.since_ms <= ${window.waitingBeforeMs}::bigint)
        and not exists (select from ticket_print t where t.tenant_id = ${tenantId} and t.job_id = r.job_id)
      union all
      select t.station_id, t.job_id, t.booking_id, t.state, r.reason, t.copy,
        (extract(epoch from t.settled_at) * 1000)::bigint
      from ticket_print t left join reported r on r.job_id = t.job_id
      where t.tenant_id = ${tenantId} and t.state <> 'confirmed'
        and t.settled_at >= case t.state when 'held' then ${new Date(window.heldSinceMs)}::timestamptz
          else ${window.endedOn.day}::timestamp at time zone ${window.endedOn.zone}::text end
        -- What nobody decided within a day and a half is void by time: its patient has long gone.
        and not (t.state = 'void' and t.settled_by = 'time')
        and not exists (select from ticket_print later where later.tenant_id = t.tenant_id
          and later.booking_id = t.booking_id and later.copy > t.copy and later.state = 'confirmed')
    )
    select slip.job_id as "jobId", slip.station_id as "stationId", s.name as "stationName",
      slip.booking_id as "bookingId", b.patient_name as "patientName", a.queue_number as "queueNumber", slip.state,
      slip.reason, slip.copy, slip.since_ms as "sinceMs", d.decision
    from slip
      join station s on s.tenant_id = ${tenantId} and s.station_id = slip.station_id
      left join booking b on b.tenant_id = ${tenantId} and b.booking_id = slip.booking_id
      left join lateral (select queue_number from arrival where tenant_id = ${tenantId}
        and booking_id = slip.booking_id and station_id = slip.station_id order by arrived_at limit 1) a on true
      left join slip_settlement d on d.tenant_id = ${tenantId} and d.job_id = slip.job_id
    where s.revoked_at is null or slip.state <> 'held'
    order by slip.since_ms desc, slip.job_id limit ${limit}`.execute(tx)
  return rows
}

/** The state of a slip as far as the centre knows; null when this station has told of no such slip. */
export async function readSlipState(
  { tx, tenantId }: TenantScope,
  slip: { jobId: string; stationId: string },
): Promise<PrintJobState | null> {
  const { rows } = await sql<{ state: PrintJobState }>`
    select coalesce(t.state, r.state) as state
    from station s
      left join ticket_print t on t.tenant_id = s.tenant_id and t.station_id = s.station_id and t.job_id = ${slip.jobId}
      left join lateral (select p->>'state' as state
        from jsonb_array_elements(coalesce(s.last_report->'openPrints', '[]')) p
        where (p->>'jobId')::uuid = ${slip.jobId}::uuid) r on true
    where s.tenant_id = ${tenantId} and s.station_id = ${slip.stationId} and s.revoked_at is null`.execute(tx)
  return rows[0]?.state ?? null
}

/** Keeps what staff decided about a slip; the last word counts until the station has carried one out. */
export async function putDecision(
  scope: TenantScope,
  slip: { jobId: string; stationId: string; decision: PrintDecision },
): Promise<void> {
  const decided = { decision: slip.decision, decided_at: new Date(scope.nowMs) }
  await scope.tx
    .insertInto('slip_settlement')
    .values({ tenant_id: scope.tenantId, job_id: slip.jobId, station_id: slip.stationId, ...decided })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'job_id']).doUpdateSet(decided))
    .execute()
}

/** Decisions as rows of the feed, in the order of job ids: those named, or those since a moment after a job id. */
export async function readDecisions(
  tx: TenantTx,
  tenantId: string,
  which: { jobIds: readonly string[] } | { sinceMs: number; after: string; limit: number },
): Promise<PrintSettlementRow[]> {
  const query = tx
    .selectFrom('slip_settlement')
    .select(['job_id as jobId', 'decision', 'decided_at as decidedAt'])
    .where('tenant_id', '=', tenantId)
    .orderBy('job_id')
  const asked =
    'jobIds' in which
      ? query.where('job_id', 'in', [...which.jobIds])
      : query
          .where('decided_at', '>=', sql<number>`${new Date(which.sinceMs)}::timestamptz`)
          .where('job_id', '>', which.after)
          .limit(which.limit)
  return await asked.execute()
}
