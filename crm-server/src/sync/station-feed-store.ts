import type { FeedChange, FeedKind } from '@yizhan/contracts/sync'
import { sql } from 'kysely'
import { bookingIdsOfDays, bookingRows } from '../appointment/appointment.ts'
import type { TenantTx } from '../postgres/database.ts'
import { decisionRows, decisionRowsSince } from '../printing/slip.ts'
import { clinicsOf, hospitalOf, sitesOf } from '../tenant/tenant.ts'
import type { FeedKey } from './feed-change.ts'
import type { ChangePlace } from './feed-cursor.ts'

/** How far the feed may be read at this moment, and which history it is of. */
export interface FeedHorizon {
  /** Another one after the database was restored from a copy: transaction ids start again then. */
  history: string
  /** The oldest transaction still running; everything below it has ended. */
  oldestRunning: string
  /** The first transaction id not yet given out. */
  nextNew: string
}

/** A station forgets its slips after 36 hours: what was decided about older ones means nothing to it. */
const decisionsForMs = 48 * 60 * 60_000

interface FeedReader {
  tx: TenantTx
  tenantId: string
}

/** Reads the horizon; every later statement of the transaction sees at least what lies below it. */
export async function feedHorizon(tx: TenantTx): Promise<FeedHorizon> {
  const { rows } = await sql<FeedHorizon>`
    select c.system_identifier || '-' || p.timeline_id as "history",
      pg_snapshot_xmin(s.now)::text as "oldestRunning", pg_snapshot_xmax(s.now)::text as "nextNew"
    from pg_control_system() c, pg_control_checkpoint() p, (select pg_current_snapshot() as now) s`.execute(tx)
  const [horizon] = rows
  if (horizon === undefined) throw new Error('the database told no snapshot')
  return horizon
}

/** A change that was noted, with its place in the order of changes. */
export interface NotedChange extends FeedKey, ChangePlace {}

/** The changes after a place, in order, below the horizon of running transactions. */
export async function changesAfter(
  { tx, tenantId }: FeedReader,
  place: ChangePlace,
  limit: number,
): Promise<NotedChange[]> {
  const { rows } = await sql<NotedChange>`
    select kind, key, xid::text as "xid", change_id as "changeId" from feed_change
    where tenant_id = ${tenantId} and (xid, change_id) > (${place.xid}::xid8, ${place.changeId}::uuid)
      and xid < pg_snapshot_xmin(pg_current_snapshot())
    order by xid, change_id limit ${limit}`.execute(tx)
  return rows
}

/** The current rows of a kind after a key, in the order of keys, as puts. */
export async function listFeedRows(
  reader: FeedReader,
  kind: FeedKind,
  range: { afterKey: string; limit: number; days: readonly string[] },
): Promise<FeedChange[]> {
  if (kind === 'booking') {
    const { afterKey: after, limit, days } = range
    const keys = await bookingIdsOfDays(reader.tx, reader.tenantId, { days, after, limit })
    return await readFeedRows(reader, bookingKeys(keys), days)
  }
  if (kind === 'print-settlement') {
    const [today = ''] = range.days
    const question = { sinceMs: Date.parse(today) - decisionsForMs, after: range.afterKey, limit: range.limit }
    const rows = await decisionRowsSince(reader.tx, reader.tenantId, question)
    return rows.map((row) => ({ kind, key: row.jobId, op: 'put', row }))
  }
  const rows = await readReferenceRows(reader, kind)
  return [...rows]
    .filter(([key]) => key > range.afterKey)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .slice(0, range.limit)
    .map(([key, row]) => ({ kind, key, op: 'put', row }))
}

/** The rows that some keys name, as they are now: puts, and dels for what is gone or lies outside the days. */
export async function readFeedRows(
  reader: FeedReader,
  keys: readonly FeedKey[],
  days: readonly string[],
): Promise<FeedChange[]> {
  const found = new Map<FeedKind, Map<string, Record<string, unknown>>>()
  for (const kind of new Set(keys.map((key) => key.kind))) {
    const wanted = keys.filter((key) => key.kind === kind).map(({ key }) => key)
    found.set(kind, await readRowsOf(reader, kind, wanted, days))
  }
  return keys.map(({ kind, key }) => {
    const row = found.get(kind)?.get(key)
    return row === undefined ? { kind, key, op: 'del' } : { kind, key, op: 'put', row }
  })
}

async function readRowsOf(reader: FeedReader, kind: FeedKind, wanted: string[], days: readonly string[]) {
  if (kind === 'booking') return await readBookingRows(reader, wanted, days)
  if (kind === 'print-settlement') return await readDecisionRows(reader, wanted)
  return await readReferenceRows(reader, kind)
}

/** Booking ids as keys of the feed. */
export function bookingKeys(ids: readonly string[]): FeedKey[] {
  return ids.map((key) => ({ kind: 'booking', key }))
}

async function readBookingRows({ tx, tenantId }: FeedReader, ids: string[], days: readonly string[]) {
  const rows = await bookingRows(tx, tenantId, { ids, days })
  return new Map<string, Record<string, unknown>>(rows.map((row) => [row.bookingId, { ...row }]))
}

async function readDecisionRows({ tx, tenantId }: FeedReader, jobIds: string[]) {
  const rows = await decisionRows(tx, tenantId, jobIds)
  return new Map<string, Record<string, unknown>>(rows.map((row) => [row.jobId, { ...row }]))
}

/** Hospital, sites and clinics are a few dozen rows: they are read whole. */
async function readReferenceRows(
  { tx, tenantId }: FeedReader,
  kind: Exclude<FeedKind, 'booking' | 'print-settlement'>,
) {
  const rows = new Map<string, Record<string, unknown>>()
  switch (kind) {
    case 'hospital':
      rows.set(tenantId, { ...(await hospitalOf(tx, tenantId)) })
      break
    case 'site':
      for (const site of await sitesOf(tx, tenantId)) rows.set(site.siteId, { ...site })
      break
    case 'clinic':
      for (const clinic of await clinicsOf(tx, tenantId)) rows.set(clinic.clinicId, { ...clinic })
      break
  }
  return rows
}
