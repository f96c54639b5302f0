import { sql } from 'kysely'
import { type CentreDb, inTenant, type TenantTx } from '../postgres/database.ts'
import { type FieldKeyRing, type FieldKeys, fieldKeysOf, indexPrefix } from './field-keys.ts'
import { type FieldPlace, SealBroken, sealPrefix } from './field-seal.ts'
import type { IndexedColumn, SealedColumn } from './protected-column.ts'

/** One transaction's worth: some 50 ms, so that nobody at a desk waits for a row. */
const rowsAtOnce = 200

/** Where the job stands in a column: behind the row of a key. */
type Place = readonly string[] | null

/** What one portion of a column came to. */
interface Portion {
  /** Null when the column has been gone through. */
  after: Place
  done: number
  broken: FieldPlace[]
}

interface ColumnDeps {
  db: CentreDb
  keys: FieldKeyRing
}

/** Seals the next values of a column anew that are not under the hospital's newest key; what does not open is left and told. */
export async function sealNextAnew(
  { db, keys }: ColumnDeps,
  tenantId: string,
  column: SealedColumn,
  after: Place,
): Promise<Portion> {
  return await inTenant(db, tenantId, async (tx) => {
    const fields = await fieldKeysOf(keys, { tx, tenantId })
    const rows = await rowsNotUnder(tx, tenantId, { ...column, prefix: sealPrefix(fields.newest.field) }, after)
    const broken: FieldPlace[] = []
    for (const row of rows) {
      const place = { tenantId, table: column.table, column: column.sealedAs, rowId: row.key.join('/') }
      const opened = tryOpen(fields, place, row.value)
      if (opened === null) broken.push(place)
      else await write(tx, tenantId, column, { ...row, value: fields.sealBytes(place, opened) })
    }
    return { after: rows.at(-1)?.key ?? null, done: rows.length - broken.length, broken }
  })
}

/** Computes the next indexes of a column anew that are not by the hospital's newest key. */
export async function indexNextAnew(
  { db, keys }: ColumnDeps,
  tenantId: string,
  column: IndexedColumn,
  after: Place,
): Promise<Portion> {
  return await inTenant(db, tenantId, async (tx) => {
    const fields = await fieldKeysOf(keys, { tx, tenantId })
    const keyed = { ...column, rowKey: [column.rowKey], prefix: indexPrefix(fields.newest.index) }
    const rows = await rowsNotUnder(tx, tenantId, keyed, after)
    const ids = rows.flatMap(({ key }) => key)
    const values = await column.valuesOf({ tx, tenantId }, fields, ids)
    for (const row of rows) {
      const text = values.get(row.key.join('/'))
      const index = text === undefined ? null : fields.blindIndex(column.field, text)
      const leadsOn = index !== null && !(await isIndexed(tx, tenantId, column, index))
      if (column.isWholeRow && !leadsOn) await drop(tx, tenantId, keyed, row.key)
      else await write(tx, tenantId, keyed, { ...row, value: index })
    }
    return { after: rows.at(-1)?.key ?? null, done: rows.length, broken: [] }
  })
}

interface KeyedColumn {
  table: string
  column: string
  rowKey: readonly string[]
}

interface KeyedValue {
  key: string[]
  value: Buffer
}

/** The next values of a column that begin otherwise than those of the newest key, held for this transaction. */
async function rowsNotUnder(
  tx: TenantTx,
  tenantId: string,
  { table, column, rowKey, prefix }: KeyedColumn & { prefix: Buffer },
  after: Place,
): Promise<KeyedValue[]> {
  const keys = sql.join(rowKey.map((name) => sql.ref(name)))
  const texts = sql.join(rowKey.map((name) => sql`${sql.ref(name)}::text`))
  const behind = after === null ? sql`true` : sql`(${keys}) > (${sql.join([...after])})`
  const { rows } = await sql<KeyedValue>`
    select array[${texts}] as key, ${sql.ref(column)} as value from ${sql.table(table)}
    where tenant_id = ${tenantId} and ${sql.ref(column)} is not null and ${behind}
      and substring(${sql.ref(column)} from 1 for ${prefix.length}) <> ${prefix}
    order by ${keys} limit ${rowsAtOnce} for update`.execute(tx)
  return rows
}

async function write(
  tx: TenantTx,
  tenantId: string,
  column: KeyedColumn,
  { key, value }: Omit<KeyedValue, 'value'> & { value: Buffer | null },
): Promise<void> {
  await sql`update ${sql.table(column.table)} set ${sql.ref(column.column)} = ${value}
    where tenant_id = ${tenantId} and ${isRow(column, key)}`.execute(tx)
}

async function drop(tx: TenantTx, tenantId: string, column: KeyedColumn, key: string[]): Promise<void> {
  await sql`delete from ${sql.table(column.table)} where tenant_id = ${tenantId} and ${isRow(column, key)}`.execute(tx)
}

function isRow({ rowKey }: KeyedColumn, key: readonly string[]) {
  return sql`(${sql.join(rowKey.map((name) => sql.ref(name)))}) = (${sql.join([...key])})`
}

async function isIndexed(tx: TenantTx, tenantId: string, column: IndexedColumn, index: Buffer): Promise<boolean> {
  const { rows } = await sql`select 1 from ${sql.table(column.table)}
    where tenant_id = ${tenantId} and ${sql.ref(column.column)} = ${index}`.execute(tx)
  return rows.length > 0
}

function tryOpen(fields: FieldKeys, place: FieldPlace, sealed: Buffer): Buffer | null {
  try {
    return fields.openBytes(place, sealed)
  } catch (error) {
    if (error instanceof SealBroken) return null
    throw error
  }
}
