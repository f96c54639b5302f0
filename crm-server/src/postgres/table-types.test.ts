import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { expect, test } from 'vitest'
import { createTestDatabase } from './test-database.ts'

/** Written by sign-in with its own statements, not through the query builder. */
const notBuilt = ['membership']

/** The tables and columns that the types name, read from their source. */
async function typedColumns(): Promise<Record<string, { column: string; nullable: boolean }[]>> {
  const read = (name: string) => readFile(fileURLToPath(new URL(name, import.meta.url)), 'utf8')
  const files = (await readdir(new URL('.', import.meta.url))).filter((name) => /(?:^|-)tables\.ts$/.test(name))
  const source = (await Promise.all(files.map(read))).join('\n')
  const bodyOf = (name: string) => new RegExp(`interface ${name} \\{\\n([^}]*)\\n\\}`).exec(source)?.[1] ?? ''
  const tables = [...bodyOf('CentreTables').matchAll(/^\s+(\w+): (\w+)$/gm)]
  return Object.fromEntries(
    tables.map(([, table = '', type = '']) => [
      table,
      [...bodyOf(type).matchAll(/^\s+(\w+): (.+)$/gm)].map(([, column = '', columnType = '']) => ({
        column,
        nullable: /\bnull\b|OrNull/.test(columnType),
      })),
    ]),
  )
}

test('the tables’ types name every column of the database, and null where the database allows it', async () => {
  const database = await createTestDatabase()
  const client = new pg.Client({ connectionString: database.migratorUrl })
  await client.connect()
  const { rows } = await client.query<{ table_name: string; column_name: string; is_nullable: 'YES' | 'NO' }>(`
    select table_name, column_name, is_nullable from information_schema.columns
    where table_schema = 'public' order by table_name, ordinal_position`)
  await client.end()
  await database.drop()
  const built = rows.filter(({ table_name }) => !notBuilt.includes(table_name))
  const real = Object.groupBy(built, ({ table_name }) => table_name)
  const columnsOf = (columns: typeof built = []) =>
    columns.map(({ column_name: column, is_nullable }) => ({ column, nullable: is_nullable === 'YES' }))
  const typed = await typedColumns()
  expect(typed).toEqual(Object.fromEntries(Object.entries(real).map(([table, columns]) => [table, columnsOf(columns)])))
})
