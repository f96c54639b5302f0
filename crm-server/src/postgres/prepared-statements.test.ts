import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type CentreDatabase, openDatabase } from './database.ts'
import { createTestDatabase, type TestDatabase } from './test-database.ts'

let database: TestDatabase
let centre: CentreDatabase

beforeAll(async () => {
  database = await createTestDatabase()
  centre = openDatabase(database.appUrl, { maxConnections: 1, onIdleError: () => undefined, prepared: true })
})
afterAll(async () => {
  await centre.close()
  await database.drop()
})

async function readShelf(id: number): Promise<unknown[]> {
  const { rows } = await sql`select * from shelf where id = ${id}`.execute(centre.db)
  return rows
}

test('a statement that comes again is planned once and kept by its connection', async () => {
  const ask = (n: number) => sql`select ${n}::int as n`.execute(centre.db)
  expect((await ask(1)).rows).toEqual([{ n: 1 }])
  expect((await ask(2)).rows).toEqual([{ n: 2 }])
  const { rows } = await sql<{ statement: string }>`select statement from pg_prepared_statements`.execute(centre.db)
  expect(rows.filter(({ statement }) => statement === 'select $1::int as n')).toHaveLength(1)
})

test('a table that a newer release has changed fails a statement once, then it is prepared anew', async () => {
  await sql`create temporary table shelf (id int)`.execute(centre.db)
  await sql`insert into shelf values (1)`.execute(centre.db)
  expect(await readShelf(1)).toEqual([{ id: 1 }])
  await sql`alter table shelf add column place text`.execute(centre.db)
  await expect(readShelf(1)).rejects.toThrow(/cached plan/)
  expect(await readShelf(1)).toEqual([{ id: 1, place: null }])
})
