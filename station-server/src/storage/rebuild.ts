import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { keepToldAttachments } from '../attachment/attachment.ts'
import { readSeenEpoch } from '../queue/number-witness.ts'
import { appendToOutbox } from '../sync/outbox.ts'
import { outboxTables } from '../sync/outbox-lane.ts'
import { ballastName } from './ballast.ts'
import { clearMeta } from './meta.ts'
import { readOutboxCopy } from './outbox-copy.ts'
import {
  isLane,
  type LaneTable,
  laneTables,
  type Salvage,
  type SalvagedRow,
  type SalvagedTable,
  salvage,
  salvagedTables,
} from './salvage.ts'
import { isCorruption, isOrphan, type Sql } from './sql.ts'
import { openStationDb, pageBytes, type StationDb } from './station-db.ts'
import { openWitnessFile } from './witness-file.ts'
import { isLogWhole, resealLog } from './write-ahead-log.ts'

/** Where the station's database lies and how it is opened. */
export interface DatabasePlace {
  folder: string
  /** The folder of the second copy of the unsent outbox, best on another disk. */
  copyFolder: string
  key: Uint8Array
  migrationsFolder: string
  now: () => number
  /** Told once when a damaged page is met while the station runs; the station then restarts to rebuild. */
  onCorrupt: (error: unknown) => void
  /** True where whoever opens the database has it rebuilt aside: a damaged one then throws DatabaseDamaged. */
  rebuildsAside?: boolean
}

/** Thrown in place of a rebuild that is to be made aside; the damage is noted durably. */
export class DatabaseDamaged extends Error {}

/** What a rebuild brought back. */
export interface Rebuilt {
  /** Rows put back, by table. */
  kept: Record<string, number>
  /** Events that only the second copy still had. */
  fromCopy: number
  /** Tables of which a part could not be read. */
  unreadable: number
}

/** Left by a running station that met a damaged page: the next start must not trust the file. */
const corruptMark = 'station.db.corrupt'
const quarantineFolder = 'quarantine'
/** A clock that is set to another zone, or by hand, is off by less than a day. */
const trustedAheadMs = 24 * 60 * 60_000

/**
 * Opens the station's database. A damaged file (损坏) is set aside, what still reads is put into a new one, the unsent events
 * from their second copy too, and a new epoch of the outbox is opened: its ids keep anything from counting twice. An event in
 * it alarms the staff of the centre.
 */
export function openOrRebuild(place: DatabasePlace): { db: StationDb; rebuilt: Rebuilt | null } {
  const path = join(place.folder, 'station.db')
  if (!existsSync(join(place.folder, corruptMark))) {
    const db = openWhole(place, path)
    if (db !== null) return { db, rebuilt: null }
    markCorrupt(place.folder, place.now())
  }
  if (place.rebuildsAside === true) throw new DatabaseDamaged('the database is damaged and has to be rebuilt')
  const rebuilt = rebuild(place, path)
  rmSync(join(place.folder, corruptMark))
  return { db: openStationDb(path, place.key, place.migrationsFolder, place.onCorrupt), rebuilt }
}

/** Notes durably that the file cannot be trusted, and the folder that it will be set aside in; once noted, that stands. */
export function markCorrupt(folder: string, now: number): void {
  const mark = join(folder, corruptMark)
  if (existsSync(mark)) return
  writeFileSync(`${mark}.new`, String(now), { flush: true })
  renameSync(`${mark}.new`, mark)
  syncFolder(folder)
}

/**
 * Removes files that were set aside longer ago than a span, by the newest clock there is: they hold patients' data and have given what
 * they could. Those that seem to be of after tomorrow were named by a clock that was wrong: nobody knows their age, and they go too.
 */
export function dropQuarantine(folder: string, { newest, keptForMs }: { newest: number; keptForMs: number }): void {
  const quarantine = join(folder, quarantineFolder)
  if (!existsSync(quarantine)) return
  for (const name of readdirSync(quarantine)) {
    const isKept = Number(name) >= newest - keptForMs && Number(name) <= newest + trustedAheadMs
    if (!isKept) rmSync(join(quarantine, name), { recursive: true, force: true })
  }
}

/**
 * The open database when its log and every page of it make sense; null when one does not. The log is looked at before SQLite
 * does: what it does not believe of a log it forgets, and with it acknowledged check-ins.
 */
function openWhole(place: DatabasePlace, path: string): StationDb | null {
  if (!isLogWhole(readLog(`${path}-wal`), pageBytes)) return null
  let db: StationDb | undefined
  try {
    db = openStationDb(path, place.key, place.migrationsFolder, place.onCorrupt)
    if (isWhole(db.sql)) return db
  } catch (error) {
    if (!isCorruption(error)) throw error
  }
  db?.sql.close()
  return null
}

function readLog(path: string): Buffer {
  return existsSync(path) ? readFileSync(path) : Buffer.alloc(0)
}

/**
 * Reads every page once; a page that was changed by anything but us does not authenticate. A month's 150,000 unsent events are
 * 54 MB, which take half a second here: of the three in which a station should be ready, that is what this may cost.
 */
function isWhole(sql: Sql): boolean {
  const answer = sql.pragma('quick_check(1)', { simple: true })
  return answer === 'ok'
}

/**
 * Moves the database's files into the folder that the mark names; answers the path of the file there. A kill between is carried
 * on by the next start, into the same folder: the file and its log belong together.
 */
function setAside(folder: string): string {
  const aside = join(folder, quarantineFolder, readFileSync(join(folder, corruptMark), 'utf8'))
  mkdirSync(aside, { recursive: true, mode: 0o700 })
  for (const name of ['station.db-wal', 'station.db-shm', 'station.db']) {
    if (existsSync(join(folder, name))) renameSync(join(folder, name), join(aside, name))
  }
  makeLogReadable(join(aside, 'station.db-wal'))
  syncFolder(aside)
  syncFolder(folder)
  return join(aside, 'station.db')
}

/** Gives SQLite a log that it reads to its end, and keeps the one that was found beside it. */
function makeLogReadable(path: string): void {
  const log = readLog(path)
  if (isLogWhole(log, pageBytes)) return
  copyFileSync(path, `${path}.found`)
  writeFileSync(`${path}.new`, resealLog(log, pageBytes), { flush: true })
  renameSync(`${path}.new`, path)
}

/** Whether an earlier start has already put the new file in place, and was killed before it could take the mark away. */
function isRebuilt(folder: string): boolean {
  const aside = join(folder, quarantineFolder, readFileSync(join(folder, corruptMark), 'utf8'))
  return existsSync(join(aside, 'station.db')) && existsSync(join(folder, 'station.db'))
}

/** Builds the new file aside and moves it into place when it is whole, so that a kill leaves no half of it. */
function rebuild(place: DatabasePlace, path: string): Rebuilt | null {
  if (isRebuilt(place.folder)) return null
  const aside = setAside(place.folder)
  // A disk that is full must not keep the new file from being written; the ballast is laid again once there is room.
  rmSync(join(place.folder, ballastName), { force: true })
  const fresh = `${path}.new`
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${fresh}${suffix}`, { force: true })
  const found = salvage(aside, place.key)
  const { sql } = openStationDb(fresh, place.key, place.migrationsFolder)
  const rebuilt = sql.transaction(() => fill(sql, found, place)).immediate()
  sql.pragma('wal_checkpoint(TRUNCATE)')
  sql.close()
  const file = openSync(fresh, 'r')
  fsyncSync(file)
  closeSync(file)
  renameSync(fresh, path)
  syncFolder(place.folder)
  return rebuilt
}

function fill(sql: Sql, found: Salvage, { copyFolder, key, now }: DatabasePlace): Rebuilt {
  const kept: Record<string, number> = {}
  for (const table of salvagedTables) {
    if (!isLane(table)) kept[table] = putBack(sql, table, found.rows.get(table) ?? [])
  }
  // A block that was asked for may have been answered, and used, in writes that are gone.
  clearMeta(sql, 'pending-lease')
  // Rows of the feed that could not be read come again with a snapshot; from its old place on it would never bring them.
  clearMeta(sql, 'feed-cursor')
  const copied = readOutboxCopy(copyFolder, key)
  let fromCopy = 0
  for (const table of laneTables) {
    const own = found.rows.get(table) ?? []
    const known = new Set(own.map((event) => event['event_id']))
    const onlyCopied = copied.events[table].filter((event) => !known.has(event['event_id']))
    kept[table] = putBackLane(sql, table, [...own, ...onlyCopied])
    fromCopy += onlyCopied.length
  }
  if (found.unreadable > 0) keepToldAttachments(sql)
  const at = now()
  openEpochAfter(sql, Math.max(copied.epoch, readSeenEpoch(openWitnessFile(copyFolder))), at)
  const rebuilt = { kept, fromCopy, unreadable: found.unreadable }
  appendToOutbox(sql, { type: 'storage-rebuilt', body: { at, ...rebuilt } }, at)
  return rebuilt
}

/**
 * Puts events back in their order, in new places without a gap: what was acknowledged too. In an earlier epoch nobody would miss
 * it when the centre goes back in time; sent again, its id keeps it from counting twice.
 */
function putBackLane(sql: Sql, table: LaneTable, events: readonly SalvagedRow[]): number {
  const inOrder = [...events].sort((one, other) => Number(one['local_id']) - Number(other['local_id']))
  return putBack(
    sql,
    table,
    inOrder.map(({ local_id: _place, acked_at: _ackedAt, ...event }) => event),
  )
}

/**
 * Puts rows into a table, leaving out columns that it does not have, rows that contradict one that is there, and rows that belong to
 * one that could not be read.
 */
function putBack(sql: Sql, table: SalvagedTable, rows: readonly SalvagedRow[]): number {
  const columns = new Set(
    sql
      .prepare<[string], { name: string }>('SELECT name FROM pragma_table_info(?)')
      .all(table)
      .map(({ name }) => name),
  )
  let kept = 0
  for (const row of rows) {
    const names = Object.keys(row).filter((name) => columns.has(name))
    const places = names.map(() => '?').join(', ')
    const insert = sql.prepare(`INSERT OR IGNORE INTO ${table} (${names.join(', ')}) VALUES (${places})`)
    kept += runUnlessOrphan(() => insert.run(...names.map((name) => row[name])).changes)
  }
  return kept
}

/** OR IGNORE says nothing of foreign keys: a row whose owner is gone would end the whole rebuild, at every start anew. */
function runUnlessOrphan(insert: () => number): number {
  try {
    return insert()
  } catch (error) {
    if (isOrphan(error)) return 0
    throw error
  }
}

/**
 * Opens an epoch that was never used. What the damaged file remembered of it may be unreadable, then the copy or the witness
 * knows; when all are gone, seconds since 2020 are more than any epoch that was counted.
 */
function openEpochAfter(sql: Sql, seenEpoch: number, now: number): void {
  const kept = sql.prepare<[], { value: string }>("SELECT value FROM meta WHERE name = 'outbox-epoch'").get()
  const known = Math.max(Number(kept?.value ?? 0), seenEpoch)
  const hadMeta = sql.prepare("SELECT 1 FROM meta WHERE name = 'site-id'").get() !== undefined
  const epoch =
    known === 0 && !hadMeta ? Math.max(2, Math.floor((now - Date.UTC(2020, 0, 1)) / 1000)) : Math.max(1, known) + 1
  const put = sql.prepare(
    'INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
  )
  put.run('outbox-epoch', String(epoch))
  // The file is new: its first event has the first place.
  for (const { base } of Object.values(outboxTables)) put.run(base, '0')
}

function syncFolder(folder: string): void {
  const directory = openSync(folder, 'r')
  fsyncSync(directory)
  closeSync(directory)
}
