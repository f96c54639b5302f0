import type { EventEnvelope, OutboxLane } from '@yizhan/contracts/sync'
import { sql } from 'kysely'
import { recordAudit } from '../audit/audit.ts'
import { type CentreDb, momentOf } from '../postgres/database.ts'
import { type Caller, inScope, type Outcome, type TenantScope } from '../tenant/tenant-scope.ts'
import { ring } from './bell.ts'

/** A run of events of one lane of a station's outbox. */
export interface UploadedRun {
  stationId: string
  epoch: number
  lane: OutboxLane
  events: readonly EventEnvelope[]
}

/** What became of an upload: durable up to a sequence, or events are missing before it. */
export type UploadOutcome = { stored: true; ackedSeq: number } | { stored: false; ackedSeq: number }

/**
 * Stores a run once, in one transaction with its cursor. What was stored before is skipped; a run that would leave a gap
 * is not stored at all. What an event says is never a reason to refuse it.
 */
export async function storeUpload(db: CentreDb, caller: Caller, run: UploadedRun): Promise<UploadOutcome> {
  let ackedSeq = 0
  const outcome: Outcome<number, 'sequence-gap'> = await inScope(db, caller, async (scope) => {
    ackedSeq = await lockCursor(scope, run)
    const fresh = run.events.filter(({ seq }) => seq > ackedSeq)
    if (!isContiguous(ackedSeq, fresh)) return { ok: false, error: 'sequence-gap' }
    const last = fresh.at(-1)
    if (last === undefined) return { ok: true, value: ackedSeq }
    await insertEvents(scope, run, fresh)
    await moveCursor(scope, run, last)
    const objectId = `${run.stationId}/${run.epoch}/${run.lane}/${ackedSeq + 1}-${last.seq}`
    await recordAudit(scope, { action: 'events-stored', objectKind: 'outbox-run', objectId })
    await ring(scope, 'inbox')
    return { ok: true, value: last.seq }
  })
  return outcome.ok ? { stored: true, ackedSeq: outcome.value } : { stored: false, ackedSeq }
}

/** How far a lane is durable here in an epoch, and the event that it ends with; 0 and null when there is none. */
export async function readCursor(
  scope: TenantScope,
  { stationId, epoch, lane }: Omit<UploadedRun, 'events'>,
): Promise<{ ackedSeq: number; ackedEventId: string | null }> {
  const cursor = await scope.tx
    .selectFrom('sync_cursor')
    .select(['acked_seq as ackedSeq', 'acked_event_id as ackedEventId'])
    .where('tenant_id', '=', scope.tenantId)
    .where('station_id', '=', stationId)
    .where('epoch', '=', epoch)
    .where('lane', '=', lane)
    .executeTakeFirst()
  return cursor ?? { ackedSeq: 0, ackedEventId: null }
}

function isContiguous(ackedSeq: number, events: readonly EventEnvelope[]): boolean {
  return events.every(({ seq }, at) => seq === ackedSeq + 1 + at)
}

async function lockCursor(scope: TenantScope, { stationId, epoch, lane }: UploadedRun): Promise<number> {
  const key = { tenant_id: scope.tenantId, station_id: stationId, epoch, lane }
  await scope.tx
    .insertInto('sync_cursor')
    .values({ ...key, acked_seq: 0, acked_event_id: null })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const { acked_seq: ackedSeq } = await scope.tx
    .selectFrom('sync_cursor')
    .select('acked_seq')
    .where('tenant_id', '=', key.tenant_id)
    .where('station_id', '=', stationId)
    .where('epoch', '=', epoch)
    .where('lane', '=', lane)
    .forUpdate()
    .executeTakeFirstOrThrow()
  return ackedSeq
}

async function moveCursor(
  scope: TenantScope,
  { stationId, epoch, lane }: UploadedRun,
  last: EventEnvelope,
): Promise<void> {
  await scope.tx
    .updateTable('sync_cursor')
    .set({ acked_seq: last.seq, acked_event_id: last.eventId })
    .where('tenant_id', '=', scope.tenantId)
    .where('station_id', '=', stationId)
    .where('epoch', '=', epoch)
    .where('lane', '=', lane)
    .execute()
}

/**
 * One named statement however many events: arrays of columns are parsed by the database, where an INSERT of as many rows would
 * be built, sent and planned anew with thirteen parameters a row.
 */
async function insertEvents(scope: TenantScope, run: UploadedRun, events: readonly EventEnvelope[]): Promise<void> {
  const bodies = events.map(({ body }) => storedBody(body))
  await sql`
    insert into inbox (tenant_id, event_id, station_id, epoch, lane, seq, type, schema_version, occurred_at, received_at,
      next_try_at, body, hlc, state, reason)
    select ${scope.tenantId}, event_id, ${run.stationId}, ${run.epoch}, ${run.lane}, seq, type, schema_version,
      to_timestamp(occurred_ms / 1000.0), ${momentOf(scope.nowMs)}, ${momentOf(scope.nowMs)}, body, hlc, state, reason
    from unnest(${events.map(({ eventId }) => eventId)}::uuid[], ${events.map(({ seq }) => seq)}::bigint[],
      ${events.map(({ type }) => type)}::text[], ${events.map(({ schemaVersion }) => schemaVersion)}::int[],
      ${events.map(({ occurredAt }) => occurredAt)}::bigint[], ${bodies.map(({ body }) => body)}::text[],
      ${events.map(({ hlc }) => hlc ?? null)}::text[],
      ${bodies.map(({ state }) => state)}::text[], ${bodies.map(({ reason }) => reason)}::text[])
      as event (event_id, seq, type, schema_version, occurred_ms, body, hlc, state, reason)
    on conflict (tenant_id, event_id) do nothing`.execute(scope.tx)
}

/** A body too deeply nested to be written as JSON again is set aside at once: it cannot be one of ours. */
function storedBody(body: unknown) {
  try {
    return { body: JSON.stringify(body), state: 'pending' as const, reason: null }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return { body: '{}', state: 'failed' as const, reason: 'body-nested-too-deep' }
  }
}
