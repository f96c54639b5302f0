import { isDefinedError, safe } from '@orpc/client'
import type { StationLog } from '../station/station-log.ts'
import { clearMeta, readMeta, writeMeta } from '../storage/meta.ts'
import type { Sql } from '../storage/sql.ts'
import type { StationDb } from '../storage/station-db.ts'
import type { CentreClient } from './centre-client.ts'
import { applyFeedChange, dropOlderGenerations } from './feed-changes.ts'

/** What following the feed needs. */
export interface FeedDeps {
  db: StationDb
  centre: CentreClient
  now: () => number
  log: StationLog
  /** Told after changes are durable. */
  onChanged: () => void
}

/** Changes per page: 500 bookings are some 250 kB, applied in a few milliseconds. */
const pageSize = 500

/** Pulls one page of the feed and applies it together with its cursor; `more` while the centre has others. */
export async function pullFeed({ db, centre, now, log, onChanged }: FeedDeps): Promise<'more' | 'done'> {
  const cursor = readMeta(db.sql, 'feed-cursor')
  const { error, data: page } = await safe(centre.pull({ cursor, max: pageSize }))
  if (isDefinedError(error) && error.code === 'cursor-gone') {
    log.warn({}, 'the centre forgot our place in the feed; starting from a snapshot')
    await db.transact((sql) => clearMeta(sql, 'feed-cursor'))
    return 'more'
  }
  if (error !== null) throw error
  const unknown = await db.transact((sql) => {
    const generation = generationOf(sql, page.snapshot && cursor === null)
    const skipped = page.changes.filter((change) => !applyFeedChange(sql, change, generation)).length
    if (page.snapshot && !page.more) dropOlderGenerations(sql, generation)
    writeMeta(sql, 'feed-cursor', page.cursor)
    if (!page.more) writeMeta(sql, 'feed-as-of', String(now()))
    return skipped
  })
  if (unknown > 0) log.warn({ unknown }, 'rows of the feed that this release does not know were skipped')
  if (page.changes.length > 0) onChanged()
  return page.more ? 'more' : 'done'
}

/** The generation that rows of this page are stamped with; a snapshot that begins opens a new one. */
export function generationOf(sql: Sql, begins: boolean): number {
  const current = Number(readMeta(sql, 'feed-generation') ?? 0)
  if (!begins) return current
  writeMeta(sql, 'feed-generation', String(current + 1))
  return current + 1
}
