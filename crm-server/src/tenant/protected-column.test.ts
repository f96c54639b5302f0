import pg from 'pg'
import { expect, test } from 'vitest'
import { createTestDatabase } from '../postgres/test-database.ts'
import { indexedColumns, sealedColumns } from './protected-column.ts'

/** Sealed and indexed by other keys: those of the centre itself, and what only lives for minutes. */
const otherwiseKept = ['tenant_key.wrapped', 'pairing.code_hash']

test('every column of the database that holds sealed values or blind indexes is known to the change of keys, with its row', async () => {
  const database = await createTestDatabase()
  const client = new pg.Client({ connectionString: database.migratorUrl })
  await client.connect()
  const { rows } = await client.query<{ name: string; sealed: boolean }>(`
    select table_name || '.' || column_name as name, column_name ~ '(^|_)sealed$' as sealed from information_schema.columns
    where table_schema = 'public' and data_type = 'bytea' and column_name ~ '(^|_)(sealed|index)$'`)
  const keyOf = async (table: string) => {
    const keyed = await client.query<{ column: string }>(
      `select a.attname as column from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
       where i.indrelid = $1::regclass and i.indisprimary and a.attname <> 'tenant_id' order by array_position(i.indkey, a.attnum)`,
      [table],
    )
    return keyed.rows.map(({ column }) => column)
  }
  const found = rows.filter(({ name }) => !otherwiseKept.includes(name))
  const names = (columns: readonly { table: string; column: string }[]) =>
    columns.map(({ table, column }) => `${table}.${column}`).sort()
  expect(names(sealedColumns)).toEqual(found.flatMap(({ name, sealed }) => (sealed ? [name] : [])).sort())
  expect(names(indexedColumns)).toEqual(found.flatMap(({ name, sealed }) => (sealed ? [] : [name])).sort())
  for (const { table, rowKey } of sealedColumns) expect(await keyOf(table)).toEqual(rowKey)
  await client.end()
  await database.drop()
})
