import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../tenant/new-id.ts'
import { type CentreDatabase, inTenant, openDatabase } from './database.ts'
import { createTestDatabase, type TestDatabase } from './test-database.ts'

let database: TestDatabase
let centre: CentreDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  centre = openDatabase(database.appUrl, { maxConnections: 3, onIdleError: () => undefined })
})
afterAll(async () => {
  await centre.close()
  await database.drop()
})

test('a connection that breaks between two statements of a transaction fails that transaction and nothing else', async () => {
  const other = openDatabase(database.appUrl, { maxConnections: 1, onIdleError: () => undefined })
  const broken = inTenant(centre.db, newId(1), async (tx) => {
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx)
    await sql`select pg_terminate_backend(${rows[0]?.pid})`.execute(other.db)
    // Long enough for the end of the connection to be heard while no statement waits for it.
    await sleep(100)
    await sql`select 1`.execute(tx)
  })
  await expect(broken).rejects.toThrow()
  expect((await sql<{ one: number }>`select 1 as one`.execute(centre.db)).rows).toEqual([{ one: 1 }])
  await other.close()
})
