import { type FeedChange, type FeedKind, feedKinds } from '@yizhan/contracts/sync'
import { type FeedChecksum, feedChecksum, feedRowHash } from '@yizhan/rules/sync/feed-checksum'
import { sql } from 'kysely'
import { bookingIdsOfDays, bookingRows } from '../appointment/appointment.ts'
import type { TenantTx } from '../postgres/database.ts'
import { decisionRows, decisionRowsSince } from '../printing/slip.ts'
import { readPanelCredentials } from '../staff/panel-credential.ts'
import { staffCodesAfter, staffCodesOf } from '../staff/staff.ts'
import { clinicsOf, hospitalOf, sitesOf } from '../tenant/tenant.ts'
import type { FeedKey } from './feed-change.ts'
import { beforeAllChanges, type ChangePlace } from './feed-cursor.ts'

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

/** Whether the change at a place is kept here. */
export async function isChangeNoted({ tx, tenantId }: FeedReader, place: ChangePlace): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`
    select exists (select from feed_change where tenant_id = ${tenantId}
      and xid = ${place.xid}::xid8 and change_id = ${place.changeId}::uuid) as "found"`.execute(tx)
  return rows[0]?.found ?? false
}

/** Whether anything was noted after a place, also by transactions that the feed may not pass yet. */
export async function isAnyChangeAfter({ tx, tenantId }: FeedReader, place: ChangePlace): Promise<boolean> {
  const { rows } = await sql<{ any: boolean }>`
    select exists (select from feed_change where tenant_id = ${tenantId}
      and (xid, change_id) > (${place.xid}::xid8, ${place.changeId}::uuid)) as "any"`.execute(tx)
  return rows[0]?.any ?? true
}

/** What a station is given of one kind: its rows in the order of keys, and those that some keys name. */
interface FeedSource {
  /** True when a station keeps each row, and its checksum can be compared. */
  keptByRow: boolean
  /** The rows after a key, at most so many, null for one that went in this moment; `days` are those whose bookings a station keeps. */
  list(reader: FeedReader, range: FeedRange): Promise<Map<string, object | null>>
  read(reader: FeedReader, keys: readonly string[], days: readonly string[]): Promise<Map<string, object>>
}

interface FeedRange {
  afterKey: string
  limit: number
  days: readonly string[]
}

/** One source for every kind of row; a new kind is added here, at the station and in the contract. */
const sources: Record<FeedKind, FeedSource> = {
  hospital: wholeSource(async ({ tx, tenantId }) => [[tenantId, await hospitalOf(tx, tenantId)]]),
  site: wholeSource(async ({ tx, tenantId }) => (await sitesOf(tx, tenantId)).map((site) => [site.siteId, site])),
  clinic: wholeSource(async ({ tx, tenantId }) =>
    (await clinicsOf(tx, tenantId)).map((clinic) => [clinic.clinicId, clinic]),
  ),
  booking: {
    keptByRow: true,
    async list({ tx, tenantId }, { afterKey, limit, days }) {
      const ids = await bookingIdsOfDays(tx, tenantId, { days, after: afterKey, limit })
      const rows = mapOf(await bookingRows(tx, tenantId, { ids, days }), (row) => row.bookingId)
      return new Map(ids.map((id) => [id, rows.get(id) ?? null]))
    },
    read: async ({ tx, tenantId }, ids, days) =>
      mapOf(await bookingRows(tx, tenantId, { ids, days }), (row) => row.bookingId),
  },
  'print-settlement': {
    keptByRow: false,
    async list({ tx, tenantId }, { afterKey: after, limit, days: [today = ''] }) {
      const question = { sinceMs: Date.parse(today) - decisionsForMs, after, limit }
      return mapOf(await decisionRowsSince(tx, tenantId, question), (row) => row.jobId)
    },
    read: async ({ tx, tenantId }, jobIds) => mapOf(await decisionRows(tx, tenantId, jobIds), (row) => row.jobId),
  },
  'staff-code': {
    keptByRow: true,
    list: async ({ tx, tenantId }, { afterKey: after, limit }) =>
      mapOf(await staffCodesAfter(tx, tenantId, { after, limit }), (row) => row.staffId),
    read: async ({ tx, tenantId }, ids) => mapOf(await staffCodesOf(tx, tenantId, ids), (row) => row.staffId),
  },
  'staff-panel-credential': {
    keptByRow: true,
    list: async ({ tx, tenantId }, { afterKey: after, limit }) =>
      mapOf(await readPanelCredentials(tx, tenantId, { after, limit }), (row) => row.credentialId),
    read: async ({ tx, tenantId }, ids) =>
      mapOf(await readPanelCredentials(tx, tenantId, { ids }), (row) => row.credentialId),
  },
}

/** The current rows of a kind after a key, in the order of keys, as puts. */
export async function listFeedRows(reader: FeedReader, kind: FeedKind, range: FeedRange): Promise<FeedChange[]> {
  const rows = await sources[kind].list(reader, range)
  return [...rows].map(([key, row]) => changeOf({ kind, key }, row))
}

/** Rows read at once for a checksum. */
const checkedAtOnce = 500

/** The checksum of every kind that stations keep row by row. */
export async function feedChecksums(
  reader: FeedReader,
  days: readonly string[],
): Promise<Record<string, FeedChecksum>> {
  const checksums: Record<string, FeedChecksum> = {}
  for (const kind of feedKinds) {
    if (sources[kind].keptByRow) checksums[kind] = feedChecksum(await hashesOf(reader, kind, days))
  }
  return checksums
}

async function hashesOf(reader: FeedReader, kind: FeedKind, days: readonly string[]): Promise<string[]> {
  const hashes: string[] = []
  for (let afterKey = beforeAllChanges; ; ) {
    const rows = await listFeedRows(reader, kind, { afterKey, limit: checkedAtOnce, days })
    for (const { op, key, row } of rows) if (op === 'put') hashes.push(feedRowHash(kind, key, row))
    const last = rows.at(-1)
    if (last === undefined || rows.length < checkedAtOnce) return hashes
    afterKey = last.key
  }
}

/** The rows that some keys name, as they are now: puts, and dels for what is gone or lies outside the days. */
export async function readFeedRows(
  reader: FeedReader,
  keys: readonly FeedKey[],
  days: readonly string[],
): Promise<FeedChange[]> {
  const found = new Map<FeedKind, Map<string, object>>()
  for (const kind of new Set(keys.map((key) => key.kind))) {
    const wanted = keys.filter((key) => key.kind === kind).map(({ key }) => key)
    found.set(kind, await sources[kind].read(reader, wanted, days))
  }
  return keys.map((key) => changeOf({ kind: key.kind, key: key.key }, found.get(key.kind)?.get(key.key) ?? null))
}

function changeOf(key: FeedKey, row: object | null): FeedChange {
  return row === null ? { ...key, op: 'del' } : { ...key, op: 'put', row: { ...row } }
}

/** Booking ids as keys of the feed. */
export function bookingKeys(ids: readonly string[]): FeedKey[] {
  return ids.map((key) => ({ kind: 'booking', key }))
}

/** Hospital, sites and clinics are a few dozen rows: they are read whole. */
function wholeSource(readAll: (reader: FeedReader) => Promise<[string, object][]>): FeedSource {
  return {
    keptByRow: true,
    async list(reader, { afterKey, limit }) {
      const rows = (await readAll(reader)).filter(([key]) => key > afterKey)
      return new Map(rows.sort(([a], [b]) => (a < b ? -1 : 1)).slice(0, limit))
    },
    read: async (reader) => new Map(await readAll(reader)),
  }
}

function mapOf<Row extends object>(rows: readonly Row[], keyOf: (row: Row) => string): Map<string, object> {
  return new Map(rows.map((row) => [keyOf(row), row]))
}
