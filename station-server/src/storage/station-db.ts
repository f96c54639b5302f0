import Database from 'better-sqlite3'
import { GroupCommit } from './group-commit.ts'
import { migrate } from './migrations.ts'
import type { Sql } from './sql.ts'

/** The station's one database: reads at once, writes durable before they resolve. */
export interface StationDb {
  /** For reads, on the one connection; a read sees everything that was acknowledged. */
  readonly sql: Sql
  /**
   * Runs `work` in a transaction and resolves when its effects are on the disk. Waiting callers share one commit; each
   * has its own savepoint, so that one caller's throw undoes only its own work. Throws StorageFullError when the disk is full.
   */
  transact<T>(work: (sql: Sql) => T): Promise<T>
  /** True from the moment the disk refuses a write until one succeeds again. */
  isFull(): boolean
  close(): Promise<void>
}

/**
 * A check-in touches a dozen pages and changes a few hundred bytes on each; every touched page is encrypted, authenticated
 * and written whole. A quarter of the usual size writes a third of the bytes.
 */
const pageBytes = 1024

/** Checkpoint when the WAL holds this many pages: 4 MiB, small enough to copy within one slow tap on flash. */
const checkpointPages = (4 * 1024 * 1024) / pageBytes

/** Keeps a busy day's pages decrypted in memory: 5,000 bookings with arrivals and slips are about 12 MiB. */
const cacheKib = 16 * 1024

/**
 * Opens the database file, encrypted with a raw 32-byte key, and brings its schema up to date. Durability is set
 * explicitly at every open: the library is compiled to default to NORMAL in WAL mode, which loses acknowledged rows at
 * a power cut.
 */
export function openStationDb(path: string, key: Uint8Array, migrationsFolder: string): StationDb {
  const sql = new PreparingOnce(path)
  sql.pragma("cipher='sqlcipher'")
  sql.pragma(`legacy_page_size=${pageBytes}`)
  sql.pragma(`key="x'${Buffer.from(key).toString('hex')}'"`)
  sql.pragma(`page_size=${pageBytes}`)
  sql.pragma('journal_mode=WAL')
  sql.pragma('synchronous=FULL')
  sql.pragma('foreign_keys=ON')
  sql.pragma('temp_store=MEMORY')
  sql.pragma(`cache_size=-${cacheKib}`)
  sql.pragma(`wal_autocheckpoint=${checkpointPages}`)
  migrate(sql, migrationsFolder)
  const commits = new GroupCommit(sql)
  return {
    sql,
    transact: (work) => commits.run(work),
    isFull: () => commits.diskRefused,
    async close() {
      await commits.drain()
      sql.close()
    },
  }
}

/** Keeps every statement it has prepared: the texts are few and fixed, and preparing costs more than most of them run. */
class PreparingOnce extends Database {
  readonly #prepared = new Map<string, Database.Statement>()

  override prepare: Database.Database['prepare'] = (source: string) => {
    const statement = this.#prepared.get(source) ?? super.prepare(source)
    this.#prepared.set(source, statement)
    return statement as never
  }
}
