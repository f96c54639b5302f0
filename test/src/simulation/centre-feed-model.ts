import type { BookingRow } from '@yizhan/contracts/appointment'
import type { PrintSettlementRow } from '@yizhan/contracts/printing'
import { type FeedChange, type FeedKind, feedKinds } from '@yizhan/contracts/sync'
import { type FeedChecksum, feedChecksum, feedRowHash } from '@yizhan/rules/sync/feed-checksum'
import { addDays } from '@yizhan/rules/working-time/hospital-time'
import type { LeaseBook } from './centre-lease-model.ts'
import type { CentreAnswer, CentreModelDeps } from './centre-state.ts'
import { simulatedCalendar, simulatedHospital } from './simulated-hospital.ts'

/** A change that was noted: under its transaction's id, then in the order of its own. */
interface NotedChange {
  xid: number
  changeId: string
  kind: FeedKind
  key: string
}

/** What the feed is made from. */
export interface CentreFeed {
  /** Another one after a restore that the database knows of. */
  history: number
  nextXid: number
  /** Transactions that have begun and not ended. */
  running: number[]
  changes: NotedChange[]
  bookings: Map<string, BookingRow>
  decisions: Map<string, PrintSettlementRow>
}

interface Cursor {
  /** Of the database, and of the restores that the centre noticed. */
  history: string
  day: string
  xid: number
  changeId: string
  /** In a snapshot: the last row given. On a new day: the last booking given, of the days that came and went. */
  place: { phase: 'snapshot'; after: string } | { phase: 'new-day'; from: string; after: string } | { phase: 'changes' }
  issuedAt: number
}

const cursorGoodForMs = 3 * 86_400_000

/** A feed without any row of a booking. */
export function emptyFeed(): CentreFeed {
  return { history: 1, nextXid: 1, running: [], changes: [], bookings: new Map(), decisions: new Map() }
}

/** Begins a transaction; its changes bear its id, whenever it ends. */
export function beginTransaction(state: CentreFeed): number {
  const xid = state.nextXid
  state.nextXid += 1
  state.running.push(xid)
  return xid
}

/** Ends a transaction, with the rows of the feed that it has changed. */
export function endTransaction(
  state: CentreFeed,
  xid: number,
  changed: readonly { changeId: string; kind: FeedKind; key: string }[],
): void {
  state.running = state.running.filter((running) => running !== xid)
  for (const change of changed) state.changes.push({ xid, ...change })
}

/** The rows that a station holds once it has everything: what the feed must bring it to. */
export function windowRows(state: CentreFeed, nowMs: number): BookingRow[] {
  const days = windowOf(simulatedCalendar.dayOf(nowMs))
  return [...state.bookings.values()].filter((row) => days.includes(simulatedCalendar.dayOf(row.slotStart)))
}

/** The next page, by the rules of the real feed. */
export function pullModelFeed(
  state: FeedOfHistory,
  deps: CentreModelDeps,
  question: { cursor: string | null; max: number; check?: boolean | undefined },
): CentreAnswer {
  const nowMs = deps.now()
  const today = simulatedCalendar.dayOf(nowMs)
  const cursor = question.cursor === null ? firstCursor(state, today, nowMs) : (JSON.parse(question.cursor) as Cursor)
  if (isGone(cursor, state, nowMs)) return { ok: false, code: 'cursor-gone', status: 410 }
  const max = Math.min(question.max, deps.pageRows)
  const page = nextPage(state, cursor, { today, max, bySerial: deps.bug === 'feed-by-serial' })
  const checks =
    question.check === true && isAtEnd(state, page) ? { checksums: checksumsOf(state, page.cursor.day) } : {}
  return {
    ok: true,
    value: { ...page, ...checks, cursor: JSON.stringify({ ...page.cursor, issuedAt: nowMs } satisfies Cursor) },
  }
}

/** Only when nothing lies beyond the place can a station hold what is there now. */
function isAtEnd({ changes }: CentreFeed, { cursor, snapshot, more }: Page): boolean {
  return !snapshot && !more && cursor.place.phase === 'changes' && !changes.some((change) => isAfter(change, cursor))
}

function checksumsOf(state: CentreFeed, day: string): Record<string, FeedChecksum> {
  const kept = feedKinds.filter((kind) => kind !== 'print-settlement')
  return Object.fromEntries(
    kept.map((kind) => {
      const rows = keysOf(state, kind).map((key) => rowOf(state, { kind, key }, windowOf(day)))
      return [kind, feedChecksum(rows.flatMap(({ op, key, row }) => (op === 'put' ? feedRowHash(kind, key, row) : [])))]
    }),
  )
}

function isAfter({ xid, changeId }: NotedChange, cursor: Cursor): boolean {
  return xid > cursor.xid || (xid === cursor.xid && changeId > cursor.changeId)
}

function firstCursor(state: FeedOfHistory, day: string, nowMs: number): Cursor {
  const place = { phase: 'snapshot', after: '' } as const
  return { history: historyOf(state), day, xid: oldestRunning(state), changeId: '', place, issuedAt: nowMs }
}

function isGone(cursor: Cursor, state: FeedOfHistory, nowMs: number): boolean {
  const { xid, changeId } = cursor
  const isPlaceKnown = changeId === '' || state.changes.some((one) => one.xid === xid && one.changeId === changeId)
  if (!isPlaceKnown || cursor.history !== historyOf(state)) return true
  return xid > state.nextXid || nowMs - cursor.issuedAt > cursorGoodForMs
}

type FeedOfHistory = CentreFeed & { leases: Pick<LeaseBook, 'restore'> }

function historyOf({ history, leases }: FeedOfHistory): string {
  return `${history}-${leases.restore?.id}`
}

interface PageQuestion {
  today: string
  max: number
  bySerial: boolean
}

interface Page {
  changes: FeedChange[]
  cursor: Cursor
  snapshot: boolean
  more: boolean
}

function nextPage(state: CentreFeed, cursor: Cursor, question: PageQuestion): Page {
  const { place } = cursor
  if (place.phase === 'snapshot') return snapshotPage(state, cursor, place.after, question.max)
  if (place.phase === 'new-day') return newDayPage(state, cursor, place, question.max)
  if (cursor.day === question.today) return changesPage(state, cursor, question)
  const turn = { phase: 'new-day', from: cursor.day, after: '' } as const
  return newDayPage(state, { ...cursor, day: question.today }, turn, question.max)
}

function snapshotPage(state: CentreFeed, cursor: Cursor, after: string, max: number): Page {
  const days = windowOf(cursor.day)
  const all = feedKinds.flatMap((kind) => keysOf(state, kind).map((key) => ({ kind, key })))
  const rows = all
    .filter(({ kind, key }) => placeOf(kind, key) > after)
    .map((change) => rowOf(state, change, days))
    .filter(({ op }) => op === 'put')
  const page = rows.slice(0, max)
  const more = rows.length > max
  const last = page.at(-1)
  const place =
    more && last !== undefined
      ? ({ phase: 'snapshot', after: placeOf(last.kind, last.key) } as const)
      : ({ phase: 'changes' } as const)
  return { changes: page, cursor: { ...cursor, place }, snapshot: true, more }
}

function newDayPage(
  state: CentreFeed,
  cursor: Cursor,
  place: Extract<Cursor['place'], { phase: 'new-day' }>,
  max: number,
): Page {
  const [before, after] = [windowOf(place.from), windowOf(cursor.day)]
  const moved = [...state.bookings.values()]
    .filter(({ bookingId, slotStart }) => {
      const day = simulatedCalendar.dayOf(slotStart)
      return bookingId > place.after && before.includes(day) !== after.includes(day)
    })
    .map(({ bookingId }) => bookingId)
    .sort()
  const page = moved.slice(0, max)
  const next = moved.length > max ? { ...place, after: page.at(-1) ?? place.after } : ({ phase: 'changes' } as const)
  const changes = page.map((key) => rowOf(state, { kind: 'booking', key }, after))
  return { changes, cursor: { ...cursor, place: next }, snapshot: false, more: true }
}

function changesPage(state: CentreFeed, cursor: Cursor, { max, bySerial }: PageQuestion): Page {
  const horizon = bySerial ? state.nextXid : oldestRunning(state)
  const found = state.changes
    .filter((change) => change.xid < horizon && isAfter(change, cursor))
    .sort((one, other) => one.xid - other.xid || (one.changeId < other.changeId ? -1 : 1))
  const page = found.slice(0, max)
  const last = page.at(-1)
  const keys = new Map(page.map((change) => [placeOf(change.kind, change.key), change]))
  const changes = [...keys.values()].map((change) => rowOf(state, change, windowOf(cursor.day)))
  const place = last === undefined ? {} : { xid: last.xid, changeId: last.changeId }
  return { changes, cursor: { ...cursor, ...place }, snapshot: false, more: found.length > max }
}

function oldestRunning({ running, nextXid }: CentreFeed): number {
  return Math.min(nextXid, ...running)
}

/** The place of a row in a snapshot: its kind in the order of kinds, then its key. */
function placeOf(kind: string, key: string): string {
  return `${(feedKinds as readonly string[]).indexOf(kind)}/${key}`
}

function keysOf(state: CentreFeed, kind: FeedKind): string[] {
  const { tenantId, siteId, clinics } = simulatedHospital
  switch (kind) {
    case 'hospital':
      return [tenantId]
    case 'site':
      return [siteId]
    case 'clinic':
      return clinics.map(({ clinicId }) => clinicId).sort()
    case 'booking':
      return [...state.bookings.keys()].sort()
    case 'print-settlement':
      return [...state.decisions.keys()].sort()
    // Nobody works in the simulated hall.
    case 'staff-code':
    case 'staff-panel-credential':
      return []
  }
}

function rowOf(state: CentreFeed, { kind, key }: { kind: FeedKind; key: string }, days: readonly string[]): FeedChange {
  const row = readRow(state, kind, key, days)
  return row === undefined ? { kind, key, op: 'del' } : { kind, key, op: 'put', row: structuredClone(row) }
}

function readRow(
  state: CentreFeed,
  kind: FeedKind,
  key: string,
  days: readonly string[],
): Record<string, unknown> | undefined {
  switch (kind) {
    case 'hospital':
      return { ...simulatedHospital.hospital }
    case 'site':
      return { ...simulatedHospital.site }
    case 'clinic':
      return simulatedHospital.clinics.find(({ clinicId }) => clinicId === key) as Record<string, unknown> | undefined
    case 'booking': {
      const row = state.bookings.get(key)
      return row !== undefined && days.includes(simulatedCalendar.dayOf(row.slotStart)) ? { ...row } : undefined
    }
    case 'print-settlement': {
      const row = state.decisions.get(key)
      return row === undefined ? undefined : { ...row }
    }
    case 'staff-code':
    case 'staff-panel-credential':
      return undefined
  }
}

function windowOf(day: string): string[] {
  return [day, addDays(day, 1)]
}
