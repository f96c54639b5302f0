import { isDefinedError, safe } from '@orpc/client'
import type { FeedChecksum } from '@yizhan/rules/sync/feed-checksum'
import type { StationLog } from '../station/station-log.ts'
import { clearMeta, readMeta, writeMeta } from '../storage/meta.ts'
import type { Sql } from '../storage/sql.ts'
import type { StationDb } from '../storage/station-db.ts'
import type { CentreClient } from './centre-client.ts'
import { applyFeedChange, driftedKinds, dropOlderGenerations } from './feed-changes.ts'

/** What following the feed needs. */
export interface FeedDeps {
  db: StationDb
  centre: CentreClient
  now: () => number
  log: StationLog
  /** Told after changes are durable. */
  onChanged: () => void
  /** Told when the centre no longer knows our place in the feed: it may have gone back in time, and should be greeted anew. */
  onForgotten: () => void
}

/** Drift is a fault that should not be: an hour is soon enough, and a check reads every row of two days at the centre. */
const checkEveryMs = 60 * 60_000

/** Changes per page: 500 bookings are some 250 kB, applied in a few milliseconds. */
const pageSize = 500

/** Pulls one page of the feed and applies it together with its cursor; `more` while the centre has others. */
export async function pullFeed({ db, centre, now, log, onChanged, onForgotten }: FeedDeps): Promise<'more' | 'done'> {
  const cursor = readMeta(db.sql, 'feed-cursor')
  const { error, data: page } = await safe(centre.pull({ cursor, max: pageSize, ...checkIfDue(db.sql, now()) }))
  if (isDefinedError(error) && error.code === 'cursor-gone') {
    log.warn({}, 'the centre forgot our place in the feed; starting from a snapshot')
    await db.transact((sql) => clearMeta(sql, 'feed-cursor'))
    onForgotten()
    return 'more'
  }
  if (error !== null) throw error
  const { unknown, drifted } = await db.transact((sql) => {
    const generation = generationOf(sql, page.snapshot && cursor === null)
    const skipped = page.changes.filter((change) => !applyFeedChange(sql, change, generation)).length
    if (page.snapshot && !page.more) dropOlderGenerations(sql, generation)
    writeMeta(sql, 'feed-cursor', page.cursor)
    if (!page.more) writeMeta(sql, 'feed-as-of', String(now()))
    const drifted = page.checksums === undefined ? [] : forgetDrift(sql, page.checksums, now())
    return { unknown: skipped, drifted }
  })
  if (drifted.length > 0) log.error({ drifted }, 'kept rows are not what the centre has; starting from a snapshot')
  if (unknown > 0) log.warn({ unknown }, 'rows of the feed that this release does not know were skipped')
  if (page.changes.length > 0) onChanged()
  return page.more || drifted.length > 0 ? 'more' : 'done'
}

/** Asks for checksums once an hour; a wall clock that was set back asks at once. */
function checkIfDue(sql: Sql, nowMs: number): { check?: true } {
  const sinceMs = nowMs - Number(readMeta(sql, 'feed-checked-at') ?? 0)
  return sinceMs >= 0 && sinceMs < checkEveryMs ? {} : { check: true }
}

/** The kinds of which other rows are kept than the centre has; if there are any, a snapshot is to come in their place. */
function forgetDrift(sql: Sql, checksums: Readonly<Record<string, FeedChecksum>>, nowMs: number): string[] {
  writeMeta(sql, 'feed-checked-at', String(nowMs))
  const drifted = driftedKinds(sql, checksums)
  if (drifted.length > 0) clearMeta(sql, 'feed-cursor')
  return drifted
}

/** The generation that rows of this page are stamped with; a snapshot that begins opens a new one. */
export function generationOf(sql: Sql, begins: boolean): number {
  const current = Number(readMeta(sql, 'feed-generation') ?? 0)
  if (!begins) return current
  writeMeta(sql, 'feed-generation', String(current + 1))
  return current + 1
}
