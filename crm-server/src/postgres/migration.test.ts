import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Migration, migrate, readMigrations } from './migration.ts'
import { schemaSnapshot } from './schema-snapshot.ts'
import { createTestDatabase, type TestDatabase } from './test-database.ts'

const folder = fileURLToPath(new URL('../../migrations', import.meta.url))
const snapshotFile = fileURLToPath(new URL('../../migrations/schema.txt', import.meta.url))
let database: TestDatabase
beforeEach(async () => {
  database = await createTestDatabase('template1')
})
afterEach(() => database.drop())

const step = (name: string, sql: string): Migration => ({ name, sql, checksum: sql })

test('nodes that start together migrate once, one after the other', async () => {
  const migrations = await readMigrations(folder)
  const applied = await Promise.all([1, 2, 3].map(() => migrate(database.migratorUrl, migrations)))
  expect(applied.flat().sort()).toEqual(migrations.map(({ name }) => name))
})

test('a migration that was edited after it was applied is refused by name, and so is one that is not known', async () => {
  await migrate(database.migratorUrl, [step('0001-a.sql', 'create table a (n int)')])
  await expect(migrate(database.migratorUrl, [step('0001-a.sql', 'create table a (m int)')])).rejects.toThrow(
    '0001-a.sql was edited after it was applied',
  )
  await expect(migrate(database.migratorUrl, [])).rejects.toThrow('the database has 0001-a.sql')
})

test('a migration that fails leaves nothing of itself, and the ones before it stay', async () => {
  const good = step('0001-a.sql', 'create table a (n int)')
  const bad = step('0002-b.sql', 'create table b (n int); create table a (n int)')
  await expect(migrate(database.migratorUrl, [good, bad])).rejects.toThrow('migration 0002-b.sql failed')
  const fixed = step('0002-b.sql', 'create table b (n int)')
  expect(await migrate(database.migratorUrl, [good, fixed])).toEqual(['0002-b.sql'])
})

test('the schema that the migrations make is the one that was reviewed', async () => {
  await migrate(database.migratorUrl, await readMigrations(folder))
  const client = new pg.Client({ connectionString: database.migratorUrl })
  await client.connect()
  const schema = await schemaSnapshot(client)
  await client.end()
  await expect(schema).toMatchFileSnapshot(snapshotFile)
})
