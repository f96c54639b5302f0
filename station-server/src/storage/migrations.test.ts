import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { migrate } from './migrations.ts'

const shipped = fileURLToPath(new URL('../../migrations', import.meta.url))
const snapshot = fileURLToPath(new URL('../../migrations/schema-snapshot.sql', import.meta.url))
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'yz-migrations-'))
  mkdirSync(join(folder, 'sql'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const write = (name: string, text: string) => writeFileSync(join(folder, 'sql', name), text)
const tables = (sql: Database.Database) =>
  sql.prepare<[], { sql: string }>('SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type DESC, name').all()

test('the shipped migrations make exactly the schema of the snapshot', () => {
  const sql = new Database(':memory:')
  migrate(sql, shipped)
  const made = `${tables(sql)
    .map((row) => row.sql)
    .join(';\n\n')};\n`
  expect(made).toBe(readFileSync(snapshot, 'utf8'))
})

test('each migration runs once, and a kill between two is continued', () => {
  write('0001-one.sql', 'CREATE TABLE one (a TEXT) STRICT;')
  write('0002-two.sql', 'CREATE TABLE two (a TEXT) STRICT; SELECT no_such_function();')
  const sql = new Database(':memory:')
  expect(() => migrate(sql, join(folder, 'sql'))).toThrow(/no_such_function/)
  expect(tables(sql).map((row) => row.sql.split(' ')[2])).toEqual(['migration', 'one'])
  write('0002-two.sql', 'CREATE TABLE two (a TEXT) STRICT;')
  migrate(sql, join(folder, 'sql'))
  migrate(sql, join(folder, 'sql'))
  expect(tables(sql)).toHaveLength(3)
})

test('a migration that was edited after it had been applied is refused by name', () => {
  write('0001-one.sql', 'CREATE TABLE one (a TEXT) STRICT;')
  const sql = new Database(':memory:')
  migrate(sql, join(folder, 'sql'))
  write('0001-one.sql', 'CREATE TABLE one (b TEXT) STRICT;')
  expect(() => migrate(sql, join(folder, 'sql'))).toThrow(/0001-one.sql was edited/)
})
