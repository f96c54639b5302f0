import Database from 'better-sqlite3'

/** The one connection to the station's database file; inside a transaction, the transaction. */
export type Sql = Database.Database

/** Thrown by a write that the disk had no room for or refused; nothing of it is there. */
export class StorageFullError extends Error {}

/** Whether an error says that the file itself is damaged: a page that does not decrypt, or a tree that makes no sense. */
export function isCorruption(error: unknown): boolean {
  return error instanceof Database.SqliteError && /^SQLITE_(?:CORRUPT|NOTADB)/.test(error.code)
}

/** Whether a row was not written because the one that it belongs to is not there. */
export function isOrphan(error: unknown): boolean {
  return error instanceof Database.SqliteError && error.code === 'SQLITE_CONSTRAINT_FOREIGNKEY'
}

/** The error as the station's own, when it is the disk that failed. */
export function asStorageError(error: unknown): unknown {
  if (!(error instanceof Database.SqliteError)) return error
  const diskFailed = error.code === 'SQLITE_FULL' || error.code.startsWith('SQLITE_IOERR')
  return diskFailed ? new StorageFullError('the station could not write to its disk', { cause: error }) : error
}
