import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { type OutboxLane, outboxLanes } from '@yizhan/contracts/sync'
import Database from 'better-sqlite3'
import { readAcknowledgedPlace } from '../sync/acknowledged.ts'
import { outboxTables } from '../sync/outbox-lane.ts'
import type { LaneTable, SalvagedRow } from './salvage.ts'
import { laneTables } from './salvage.ts'
import type { Sql } from './sql.ts'
import { type StationDb, unlock } from './station-db.ts'

const copyName = 'outbox-copy.db'
/** The files of the second copy: the whole one, and one that is being written. */
export const outboxCopyFiles = [copyName, `${copyName}.new`] as const

/** Events copied per turn of the event loop: 500 take some 5 ms, which no tap at the screen feels. */
const eventsPerTurn = 500

/**
 * Writes a second copy of the unsent outbox, encrypted by the same key, into another folder: built aside, renamed when it is
 * whole. Answers how many events it holds.
 */
export async function writeOutboxCopy(db: StationDb, folder: string, key: Uint8Array): Promise<number> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const fresh = join(folder, `${copyName}.new`)
  rmSync(fresh, { force: true })
  const copy = new Database(fresh)
  try {
    unlock(copy, key)
    // One writer, thrown away when it breaks off: nothing to roll back, nothing to sync before the end.
    copy.pragma('journal_mode=OFF')
    copy.pragma('synchronous=OFF')
    copy.exec(
      'CREATE TABLE epoch (epoch INTEGER NOT NULL) STRICT;' +
        laneTables
          .map((table) => `CREATE TABLE ${table} (local_id INTEGER PRIMARY KEY, event TEXT NOT NULL) STRICT;`)
          .join(''),
    )
    copy.prepare('INSERT INTO epoch VALUES (?)').run(readEpoch(db.sql))
    let count = 0
    for (const lane of outboxLanes) count += await copyEvents(db.sql, copy, lane)
    copy.close()
    const file = openSync(fresh, 'r')
    fsyncSync(file)
    closeSync(file)
    renameSync(fresh, join(folder, copyName))
    const directory = openSync(folder, 'r')
    fsyncSync(directory)
    closeSync(directory)
    return count
  } finally {
    if (copy.open) copy.close()
    // One that broke off, as a full disk does it, would go on taking the room that is missing.
    rmSync(fresh, { force: true })
  }
}

/** What the second copy holds: the events of each lane and the epoch it was made in. */
export interface OutboxCopy {
  events: Record<LaneTable, SalvagedRow[]>
  epoch: number
}

/**
 * Reads the second copy; no events and epoch 0 when there is none that reads. It is asked for by a rebuild only: that must not wait for
 * ever for a second disk that is broken too.
 */
export function readOutboxCopy(folder: string, key: Uint8Array): OutboxCopy {
  const path = join(folder, copyName)
  const nothing: OutboxCopy = { events: { outbox: [], bulk_outbox: [] }, epoch: 0 }
  if (!existsSync(path)) return nothing
  let copy: Sql | undefined
  try {
    copy = new Database(path, { readonly: true })
    unlock(copy, key)
    const events = { outbox: copiedEvents(copy, 'outbox'), bulk_outbox: copiedEvents(copy, 'bulk_outbox') }
    const epoch = copy.prepare<[], { epoch: number }>('SELECT epoch FROM epoch').get()?.epoch ?? 0
    return { events, epoch }
  } catch (error) {
    if (error instanceof Database.SqliteError) return nothing
    throw error
  } finally {
    copy?.close()
  }
}

/** The copied events of a lane; none of one that the release which wrote the copy did not have. */
function copiedEvents(copy: Sql, table: LaneTable): SalvagedRow[] {
  const known = copy.prepare('SELECT 1 FROM sqlite_schema WHERE name = ?').get(table)
  if (known === undefined) return []
  return copy
    .prepare<[], { event: string }>(`SELECT event FROM ${table} ORDER BY local_id`)
    .all()
    .map(({ event }) => JSON.parse(event) as SalvagedRow)
}

async function copyEvents(from: Sql, to: Sql, lane: OutboxLane): Promise<number> {
  const { table } = outboxTables[lane]
  const insert = to.prepare(`INSERT INTO ${table} (local_id, event) VALUES (?, ?)`)
  let count = 0
  for (let after = readAcknowledgedPlace(from, lane); ; ) {
    const rows = from
      .prepare<[number, number], SalvagedRow>(`SELECT * FROM ${table} WHERE local_id > ? ORDER BY local_id LIMIT ?`)
      .all(after, eventsPerTurn)
    to.transaction(() => {
      for (const row of rows) insert.run(row['local_id'], JSON.stringify(row))
    })()
    count += rows.length
    const last = rows.at(-1)
    if (last === undefined || rows.length < eventsPerTurn) return count
    after = Number(last['local_id'])
    await nextTurn()
  }
}

function readEpoch(sql: Sql): number {
  const row = sql.prepare<[], { value: string }>("SELECT value FROM meta WHERE name = 'outbox-epoch'").get()
  return Number(row?.value ?? 1)
}
