import { type FeedChange, feedKinds } from '@yizhan/contracts/sync'
import type { FeedChecksum } from '@yizhan/rules/sync/feed-checksum'
import { addDays, hospitalCalendar } from '@yizhan/rules/working-time/hospital-time'
import { bookingIdsOfDays } from '../appointment/appointment.ts'
import { type CentreDb, inTenant, type TenantTx } from '../postgres/database.ts'
import { hospitalOf } from '../tenant/tenant.ts'
import type { Outcome } from '../tenant/tenant-scope.ts'
import { lastRestore } from './centre-restore.ts'
import { beforeAllChanges, type FeedCursorBody, readFeedCursor, writeFeedCursor } from './feed-cursor.ts'
import {
  bookingKeys,
  changesAfter,
  type FeedHorizon,
  feedChecksums,
  feedHorizon,
  isAnyChangeAfter,
  isChangeNoted,
  listFeedRows,
  readFeedRows,
} from './station-feed-store.ts'

/** One page of the feed, as the contract has it. */
export interface FeedPage {
  changes: FeedChange[]
  cursor: string
  snapshot: boolean
  more: boolean
  checksums?: Record<string, FeedChecksum>
}

/** What one page is made from. */
interface PageWork {
  tx: TenantTx
  tenantId: string
  max: number
  check: boolean
  nowMs: number
  today: string
  horizon: FeedHorizon
}

const dayMs = 86_400_000
/** Changes are kept for seven days; a cursor that waited for half of that may already have lost some, so it is refused. */
export const feedKeptMs = 7 * dayMs
const cursorGoodForMs = 3 * dayMs

/**
 * The next page of a hospital's feed. Without a cursor: a full picture of hospital, sites, clinics, the bookings of
 * today and tomorrow, and what staff decided about slips. With one: what changed since. A change is never skipped, however writers overlap: only
 * transactions older than every one still running are passed (a bare serial would lose those that commit late).
 */
export async function pullStationFeed(
  db: CentreDb,
  tenantId: string,
  question: { cursor: string | null; max: number; check?: boolean | undefined },
  nowMs: number,
): Promise<Outcome<FeedPage, 'cursor-gone'>> {
  return await inTenant(db, tenantId, async (tx) => {
    const horizon = await horizonOf(tx, tenantId)
    const { zone } = await hospitalOf(tx, tenantId)
    const { max, check = false } = question
    const work = { tx, tenantId, max, check, nowMs, today: hospitalCalendar(zone).dayOf(nowMs), horizon }
    const cursor = question.cursor === null ? firstCursor(work) : readFeedCursor(question.cursor)
    if (cursor === null || isGone(cursor, work) || !(await isPlaceKnown(work, cursor.changes))) {
      return { ok: false, error: 'cursor-gone' }
    }
    return { ok: true, value: await nextPage(work, cursor) }
  })
}

async function horizonOf(tx: TenantTx, tenantId: string): Promise<FeedHorizon> {
  const [horizon, restore] = [await feedHorizon(tx), await lastRestore({ tx, tenantId })]
  return restore === null ? horizon : { ...horizon, history: `${horizon.history}-${restore}` }
}

/**
 * Whether the change that a cursor stands at is there: a centre put back unnoticed, by a copy of its files, may have none or another
 * at that place. Of a week without any change it is gone too; a snapshot then costs little.
 */
async function isPlaceKnown(work: PageWork, place: FeedCursorBody['changes']): Promise<boolean> {
  return place.changeId === beforeAllChanges || (await isChangeNoted(work, place))
}

function firstCursor({ today, horizon, nowMs }: PageWork): FeedCursorBody {
  return {
    history: horizon.history,
    day: today,
    changes: { xid: horizon.oldestRunning, changeId: beforeAllChanges },
    place: { phase: 'snapshot', after: null },
    issuedAt: nowMs,
  }
}

/** From another history, from the future of a restored database, or too old for the changes that are kept. */
function isGone(cursor: FeedCursorBody, { horizon, nowMs }: PageWork): boolean {
  return (
    cursor.history !== horizon.history ||
    BigInt(cursor.changes.xid) > BigInt(horizon.nextNew) ||
    nowMs - cursor.issuedAt > cursorGoodForMs
  )
}

async function nextPage(work: PageWork, cursor: FeedCursorBody): Promise<FeedPage> {
  const { place } = cursor
  switch (place.phase) {
    case 'snapshot':
      return await snapshotPage(work, cursor, place.after)
    case 'new-day':
      return await newDayPage(work, cursor, place)
    case 'changes': {
      if (cursor.day === work.today) return await changesPage(work, cursor)
      const turn = { phase: 'new-day' as const, fromDay: cursor.day, afterBooking: beforeAllChanges }
      return await newDayPage(work, { ...cursor, day: work.today }, turn)
    }
  }
}

async function snapshotPage(
  work: PageWork,
  cursor: FeedCursorBody,
  after: { kind: (typeof feedKinds)[number]; key: string } | null,
): Promise<FeedPage> {
  const changes: FeedChange[] = []
  const kindsLeft = feedKinds.slice(after === null ? 0 : feedKinds.indexOf(after.kind))
  for (const kind of kindsLeft) {
    const afterKey = kind === after?.kind ? after.key : beforeAllChanges
    const missing = work.max + 1 - changes.length
    if (missing > 0)
      changes.push(...(await listFeedRows(work, kind, { afterKey, limit: missing, days: windowOf(cursor.day) })))
  }
  const more = changes.length > work.max
  const page = changes.slice(0, work.max)
  const last = page.at(-1)
  const lastKind = feedKinds.find((kind) => kind === last?.kind)
  if (!more || last === undefined || lastKind === undefined) {
    return pageOf(work, { ...cursor, place: { phase: 'changes' } }, { changes: page, snapshot: true, more: false })
  }
  const place = { phase: 'snapshot' as const, after: { kind: lastKind, key: last.key } }
  return pageOf(work, { ...cursor, place }, { changes: page, snapshot: true, more: true })
}

/** The bookings that the turn of the day brings into the station's window and takes out of it. */
async function newDayPage(
  work: PageWork,
  cursor: FeedCursorBody,
  place: Extract<FeedCursorBody['place'], { phase: 'new-day' }>,
): Promise<FeedPage> {
  const [before, after] = [windowOf(place.fromDay), windowOf(cursor.day)]
  const days = [...before.filter((day) => !after.includes(day)), ...after.filter((day) => !before.includes(day))]
  const question = { days, after: place.afterBooking, limit: work.max + 1 }
  const keys = await bookingIdsOfDays(work.tx, work.tenantId, question)
  const page = keys.slice(0, work.max)
  const changes = await readFeedRows(work, bookingKeys(page), after)
  const lastKey = page.at(-1)
  const finished = keys.length <= work.max || lastKey === undefined
  const next = finished ? { phase: 'changes' as const } : { ...place, afterBooking: lastKey }
  return pageOf(work, { ...cursor, place: next }, { changes, snapshot: false, more: true })
}

async function changesPage(work: PageWork, cursor: FeedCursorBody): Promise<FeedPage> {
  const found = await changesAfter(work, cursor.changes, work.max + 1)
  const page = found.slice(0, work.max)
  const keys = new Map(page.map((change) => [`${change.kind}/${change.key}`, change]))
  const changes = await readFeedRows(work, [...keys.values()], windowOf(cursor.day))
  const last = page.at(-1)
  const place = last === undefined ? cursor.changes : { xid: last.xid, changeId: last.changeId }
  const more = found.length > work.max
  const checksums = more || !work.check ? null : await checksumsAt(work, cursor.day, place)
  const next = { ...cursor, changes: place }
  return pageOf(work, next, { changes, snapshot: false, more, ...(checksums === null ? {} : { checksums }) })
}

/**
 * What a station that has come to a place should hold. Null while anything has changed beyond the place: rows are read as they
 * are now, and only when nothing lies between can the two agree.
 */
async function checksumsAt(
  work: PageWork,
  day: string,
  place: FeedCursorBody['changes'],
): Promise<Record<string, FeedChecksum> | null> {
  const checksums = await feedChecksums(work, windowOf(day))
  return (await isAnyChangeAfter(work, place)) ? null : checksums
}

function pageOf(work: PageWork, cursor: FeedCursorBody, page: Omit<FeedPage, 'cursor'>): FeedPage {
  return { ...page, cursor: writeFeedCursor({ ...cursor, issuedAt: work.nowMs }) }
}

/** The days whose bookings a station keeps: today and tomorrow. */
function windowOf(day: string): string[] {
  return [day, addDays(day, 1)]
}
