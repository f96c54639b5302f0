import { Kysely, PostgresDialect, type RawBuilder, sql, type Transaction } from 'kysely'
import pg from 'pg'
import { type Reach, reachOf, tenantOf, type Who } from '../access/reach.ts'
import { preparing } from './prepared-statements.ts'
import type { CentreTables } from './tables.ts'

/** The centre's tables as the application's role sees them. */
export type CentreDb = Kysely<CentreTables>

/** One transaction that sees the rows of one tenant only. */
export type TenantTx = Transaction<CentreTables>

/** Where the database is, once for the role that owns the tables and once for the one that only works with them. */
export interface DatabaseAddress {
  migratorUrl: string
  appUrl: string
}

/** The role that the centre works as: it owns nothing and row-level security binds it. */
export const appRole = 'yizhan_app'

/** A pool of connections with the query builder over it. */
export interface CentreDatabase {
  db: CentreDb
  pool: pg.Pool
  close(): Promise<void>
}

const timestamptzOid: number = pg.types.builtins.TIMESTAMPTZ
const int8Oid: number = pg.types.builtins.INT8
const dateOid: number = pg.types.builtins.DATE

/** Moments as milliseconds, int8 as numbers (ours stay below 2^53), days as text: a day has no zone to be shifted by. */
export const centreTypes: pg.CustomTypesConfig = {
  getTypeParser(oid, format) {
    if (format === 'text' || format === undefined) {
      if (oid === timestamptzOid) return (text: string) => new Date(text).getTime()
      if (oid === int8Oid) return (text: string) => Number(text)
      if (oid === dateOid) return (text: string) => text
    }
    return pg.types.getTypeParser(oid, format)
  },
}

/**
 * Opens a pool whose every connection acts as `yizhan_app`, unless `role` is null: then as whom it signs in, as benches do. `onIdleError` hears of connections that broke while nobody
 * used them; without a listener such an error would end the process.
 */
export function openDatabase(
  appUrl: string,
  options: {
    maxConnections: number
    onIdleError: (error: Error) => void
    role?: null
    /** Whether statements are planned once for each connection: for those who say the same few thousands of times. */
    prepared?: true
  },
): CentreDatabase {
  const pool = new pg.Pool({
    connectionString: appUrl,
    max: options.maxConnections,
    types: centreTypes,
    // An external DATABASE_URL names a stronger role; each connection steps down before its first query.
    ...(options.role === null ? {} : { options: `-c role=${appRole}` }),
    connectionTimeoutMillis: 10_000,
  })
  surviveBrokenConnections(pool)
  let closing = false
  pool.on('error', (error) => {
    // The pool ends before its last sockets do; what the server says to those is no news.
    if (!closing) options.onIdleError(error)
  })
  const db = new Kysely<CentreTables>({
    dialect: new PostgresDialect({ pool: options.prepared ? preparing(pool) : pool }),
  })
  const close = async () => {
    closing = true
    await pool.end()
  }
  return { db, pool, close }
}

/**
 * A connection that breaks while it is lent out and no statement waits on it (the database restarts in the middle of a
 * transaction) would end the process for want of a listener; the transaction's next statement fails all the same.
 */
export function surviveBrokenConnections(pool: pg.Pool): void {
  pool.on('connect', (client) => {
    client.on('error', () => undefined)
  })
}

/**
 * Runs `work` in one transaction in which only the rows of one hospital can be seen or written, and of those only the ones
 * that `who` reaches. The bare id of a hospital stands for the centre itself: for its loops, never for a person.
 */
export function inTenant<Result>(db: CentreDb, who: Who, work: (tx: TenantTx) => Promise<Result>): Promise<Result> {
  return db.transaction().execute(async (tx) => {
    await settleRows(tx, tenantOf(who), reachOf(who))
    return await work(tx)
  })
}

/** As `inTenant`, for the centre's own long look at one hospital: every query sees the picture of one moment. */
export function inOnePicture<Result>(
  db: CentreDb,
  tenantId: string,
  work: (tx: TenantTx) => Promise<Result>,
): Promise<Result> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (tx) => {
      await settleRows(tx, tenantId, reachOf(tenantId))
      return await work(tx)
    })
}

/** Tells row-level security who acts, in one statement; the settings end with the transaction. */
async function settleRows(tx: TenantTx, tenantId: string, reach: Reach): Promise<void> {
  const { resources, siteIds, departmentIds, staffId, readerId, readerRoles } = reach
  // Commas on both ends, so that a policy finds a whole name by `like '%,name,%'`.
  const names = (list: readonly string[]) => `,${list.join(',')},`
  await sql`select set_config('app.tenant_id', ${tenantId}, true),
    set_config('app.reach_hospital', ${names(resources.hospital)}, true),
    set_config('app.reach_site', ${names(resources.site)}, true),
    set_config('app.reach_department', ${names(resources.department)}, true),
    set_config('app.reach_assigned', ${names(resources.assigned)}, true),
    set_config('app.reach_own', ${names(resources.own)}, true),
    set_config('app.site_ids', ${siteIds.join(',')}, true),
    set_config('app.department_ids', ${departmentIds.join(',')}, true),
    set_config('app.reader_id', ${readerId}, true),
    set_config('app.reader_roles', ${readerRoles.join(',')}, true),
    set_config('app.staff_id', ${staffId ?? ''}, true)`.execute(tx)
}

/** The ids of every hospital of this centre. */
export async function tenantIds(db: CentreDb): Promise<string[]> {
  const rows = await db.selectFrom('tenant_directory').select('tenant_id').orderBy('tenant_id').execute()
  return rows.map((row) => row.tenant_id)
}

/** A moment as a value of the database, for comparing with the columns that hold moments. */
export function momentOf(instantMs: number): RawBuilder<number> {
  return sql<number>`${new Date(instantMs)}::timestamptz`
}
