import { existsSync } from 'node:fs'
import Database from 'better-sqlite3'
import { isCorruption, type Sql } from './sql.ts'
import { unlock } from './station-db.ts'

/** One row as its columns and values. */
export type SalvagedRow = Record<string, unknown>

/** What could be read of a damaged file: the rows of each table, and how many ranges of a table could not be read. */
export interface Salvage {
  rows: Map<string, SalvagedRow[]>
  unreadable: number
}

/**
 * The tables that are worth saving, in the order in which they are put back. Number blocks are not among them: a number of
 * which nobody knows whether it was given out is not given out again. Device history is telemetry.
 */
export const salvagedTables = [
  'meta',
  'reference_row',
  'booking',
  'booking_card',
  'arrival',
  'print_job',
  'operation',
  'receipt_series',
  'attachment',
  'outbox',
  'bulk_outbox',
] as const
export type SalvagedTable = (typeof salvagedTables)[number]

/** The tables of the outbox's lanes: of events every single one counts. */
export const laneTables = ['outbox', 'bulk_outbox'] as const
export type LaneTable = (typeof laneTables)[number]

/** Reads from a damaged file whatever still decrypts, page by page. Never throws for damage. */
export function salvage(path: string, key: Uint8Array): Salvage {
  const found: Salvage = { rows: new Map(), unreadable: 0 }
  const sql = openDamaged(path, key)
  if (sql === null) return { ...found, unreadable: salvagedTables.length }
  try {
    for (const table of salvagedTables) {
      const { rows, whole } = readTable(sql, table)
      found.rows.set(table, rows)
      if (!whole) found.unreadable += 1
    }
  } finally {
    sql.close()
  }
  return found
}

function openDamaged(path: string, key: Uint8Array): Sql | null {
  if (!existsSync(path)) return null
  const sql = new Database(path, { fileMustExist: true })
  try {
    unlock(sql, key)
    sql.prepare('SELECT count(*) FROM sqlite_schema').get()
    return sql
  } catch (error) {
    sql.close()
    if (isDamage(error)) return null
    throw error
  }
}

/** Reads a table from its start up to the damage, then from its end down to it; an outbox also by ranges between. */
function readTable(sql: Sql, table: SalvagedTable): { rows: SalvagedRow[]; whole: boolean } {
  const up = readUntilDamage(sql, table, 'ASC')
  if (up.whole) return up
  const rows = new Map(up.rows.map((row) => [keyOf(table, row), row]))
  for (const row of readUntilDamage(sql, table, 'DESC').rows) rows.set(keyOf(table, row), row)
  if (isLane(table)) for (const row of readBetween(sql, table, rows)) rows.set(keyOf(table, row), row)
  return { rows: [...rows.values()], whole: false }
}

function readUntilDamage(
  sql: Sql,
  table: SalvagedTable,
  direction: 'ASC' | 'DESC',
): { rows: SalvagedRow[]; whole: boolean } {
  const rows: SalvagedRow[] = []
  try {
    const statement = sql.prepare<[], SalvagedRow>(
      `SELECT * FROM ${table} ORDER BY ${primaryKeys[table].map((column) => `${column} ${direction}`).join(', ')}`,
    )
    for (const row of statement.iterate()) rows.push(row)
    return { rows, whole: true }
  } catch (error) {
    if (!isDamage(error)) throw error
    return { rows, whole: false }
  }
}

/** Whether a table holds the events of a lane. */
export function isLane(table: SalvagedTable): table is LaneTable {
  return laneTables.some((lane) => lane === table)
}

/** The events between the two ends that were read, by halving every range that hits the damage. */
function readBetween(sql: Sql, table: SalvagedTable, known: ReadonlyMap<string, SalvagedRow>): SalvagedRow[] {
  const ids = [...known.values()].map((row) => Number(row['local_id']))
  const rows: SalvagedRow[] = []
  const ranges = [{ from: 1, to: Math.max(0, ...ids) }]
  for (let range = ranges.pop(); range !== undefined; range = ranges.pop()) {
    const { from, to } = range
    if (from > to) continue
    try {
      rows.push(
        ...sql
          .prepare<[number, number], SalvagedRow>(`SELECT * FROM ${table} WHERE local_id BETWEEN ? AND ?`)
          .all(from, to),
      )
    } catch (error) {
      if (!isDamage(error)) throw error
      if (from === to) continue
      const middle = Math.floor((from + to) / 2)
      ranges.push({ from, to: middle }, { from: middle + 1, to })
    }
  }
  return rows
}

const primaryKeys: Record<SalvagedTable, readonly string[]> = {
  meta: ['name'],
  reference_row: ['kind', 'key'],
  booking: ['booking_id'],
  booking_card: ['card_hash', 'booking_id'],
  arrival: ['booking_id'],
  print_job: ['print_no'],
  operation: ['operation_id'],
  receipt_series: ['series_no'],
  attachment: ['attachment_id'],
  outbox: ['local_id'],
  bulk_outbox: ['local_id'],
}

function keyOf(table: SalvagedTable, row: SalvagedRow): string {
  return JSON.stringify(primaryKeys[table].map((column) => row[column]))
}

/** Damage, or a table that the damaged schema page no longer names. */
function isDamage(error: unknown): boolean {
  if (isCorruption(error)) return true
  return (
    error instanceof Database.SqliteError && (error.code === 'SQLITE_ERROR' || error.code.startsWith('SQLITE_IOERR'))
  )
}
