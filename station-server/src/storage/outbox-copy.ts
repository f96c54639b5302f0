import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import Database from 'better-sqlite3'
import type { SalvagedRow } from './salvage.ts'
import { isCorruption, type Sql } from './sql.ts'
import { type StationDb, unlock } from './station-db.ts'

const copyName = 'outbox-copy.db'

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
      'CREATE TABLE epoch (epoch INTEGER NOT NULL) STRICT; CREATE TABLE outbox (local_id INTEGER PRIMARY KEY, event TEXT NOT NULL) STRICT',
    )
    copy.prepare('INSERT INTO epoch VALUES (?)').run(readEpoch(db.sql))
    const count = await copyEvents(db.sql, copy)
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
  }
}

/** The events of the second copy and the epoch it was made in; none and 0 when there is no copy that reads. */
export function readOutboxCopy(folder: string, key: Uint8Array): { events: SalvagedRow[]; epoch: number } {
  const path = join(folder, copyName)
  if (!existsSync(path)) return { events: [], epoch: 0 }
  const copy = new Database(path, { readonly: true })
  try {
    unlock(copy, key)
    const events = copy
      .prepare<[], { event: string }>('SELECT event FROM outbox ORDER BY local_id')
      .all()
      .map(({ event }) => JSON.parse(event) as SalvagedRow)
    const epoch = copy.prepare<[], { epoch: number }>('SELECT epoch FROM epoch').get()?.epoch ?? 0
    return { events, epoch }
  } catch (error) {
    if (isCorruption(error)) return { events: [], epoch: 0 }
    throw error
  } finally {
    copy.close()
  }
}

async function copyEvents(from: Sql, to: Sql): Promise<number> {
  const insert = to.prepare('INSERT INTO outbox (local_id, event) VALUES (?, ?)')
  let count = 0
  for (let after = 0; ; ) {
    const rows = from
      .prepare<[number, number], SalvagedRow>(
        'SELECT * FROM outbox WHERE acked_at IS NULL AND local_id > ? ORDER BY local_id LIMIT ?',
      )
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
