import Database from 'better-sqlite3'
import { GroupCommit } from './group-commit.ts'
import { migrate } from './migrations.ts'
import { isCorruption, type Sql } from './sql.ts'

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
export const pageBytes = 1024

/** Checkpoint when the WAL holds this many pages: 4 MiB, small enough to copy within one slow tap on flash. */
const checkpointPages = (4 * 1024 * 1024) / pageBytes

/** Keeps a busy day's pages decrypted in memory: 5,000 bookings with arrivals and slips are about 12 MiB. */
const cacheKib = 16 * 1024

/**
 * Opens the database file, encrypted with a raw 32-byte key, and brings its schema up to date. Durability is set
 * explicitly at every open: the library is compiled to default to NORMAL in WAL mode, which loses acknowledged rows at
 * a power cut.
 */
export function openStationDb(
  path: string,
  key: Uint8Array,
  migrationsFolder: string,
  onCorrupt: (error: unknown) => void = () => undefined,
): StationDb {
  const sql = new PreparingOnce(path, onCorrupt)
  unlock(sql, key)
  sql.pragma('journal_mode=WAL')
  sql.pragma('synchronous=FULL')
  sql.pragma('foreign_keys=ON')
  sql.pragma('temp_store=MEMORY')
  sql.pragma(`cache_size=-${cacheKib}`)
  sql.pragma(`wal_autocheckpoint=${checkpointPages}`)
  try {
    migrate(sql, migrationsFolder)
  } catch (error) {
    sql.close()
    throw error
  }
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

/** Gives a connection the key of the file and the page size that our files have, before anything is read. */
export function unlock(sql: Sql, key: Uint8Array): void {
  sql.pragma("cipher='sqlcipher'")
  sql.pragma(`legacy_page_size=${pageBytes}`)
  sql.pragma(`key="x'${Buffer.from(key).toString('hex')}'"`)
  sql.pragma(`page_size=${pageBytes}`)
}

/**
 * Keeps every statement it has prepared: the texts are few and fixed, and preparing costs more than most of them run. Every
 * read and write of the station passes here, so a damaged page is noticed wherever it is met first.
 */
class PreparingOnce extends Database {
  readonly #prepared = new Map<string, Database.Statement>()
  readonly #onCorrupt: (error: unknown) => void

  constructor(path: string, onCorrupt: (error: unknown) => void) {
    super(path)
    this.#onCorrupt = onCorrupt
  }

  override prepare: Database.Database['prepare'] = (source: string) => {
    const statement = this.#prepared.get(source) ?? this.#watched(super.prepare(source))
    this.#prepared.set(source, statement)
    return statement as never
  }

  #watched(statement: Database.Statement): Database.Statement {
    for (const name of ['get', 'all', 'run'] as const) {
      const call = statement[name].bind(statement)
      const watched = (...values: unknown[]) => {
        try {
          return call(...values)
        } catch (error) {
          if (isCorruption(error)) this.#onCorrupt(error)
          throw error
        }
      }
      statement[name] = watched as never
    }
    return statement
  }
}
