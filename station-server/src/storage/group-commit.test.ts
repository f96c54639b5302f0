import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openFixtureDb } from '../fixture/station-folder.ts'
import { readMeta, writeMeta } from './meta.ts'
import { StorageFullError } from './sql.ts'
import type { StationDb } from './station-db.ts'

let folder: string
let db: StationDb

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'yz-db-'))
  db = openFixtureDb(folder)
})
afterEach(async () => {
  await db.close()
  rmSync(folder, { recursive: true, force: true })
})

test('callers that wait together are all carried out, in order, and each gets its own answer', async () => {
  const answers = await Promise.all(
    Array.from({ length: 600 }, (_, n) =>
      db.transact((sql) => {
        const before = Number(readMeta(sql, 'slip-counter') ?? 0)
        writeMeta(sql, 'slip-counter', String(before + 1))
        return [n, before]
      }),
    ),
  )
  expect(answers.every(([n, before]) => n === before)).toBe(true)
})

test("one caller's throw undoes only its own work", async () => {
  const write = (name: 'site-id' | 'station-name') => db.transact((sql) => writeMeta(sql, name, 'kept'))
  const failing = db.transact((sql) => {
    writeMeta(sql, 'station-letter', 'lost')
    throw new Error('changed my mind')
  })
  const all = await Promise.allSettled([write('site-id'), failing, write('station-name')])
  expect(all.map((one) => one.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(readMeta(db.sql, 'site-id')).toBe('kept')
  expect(readMeta(db.sql, 'station-name')).toBe('kept')
  expect(readMeta(db.sql, 'station-letter')).toBeNull()
})

test('on a full disk nothing is acknowledged, what was acknowledged stays, and room makes it work again', async () => {
  await db.transact((sql) => writeMeta(sql, 'site-id', 'acknowledged'))
  const pages = db.sql.pragma('page_count', { simple: true })
  db.sql.pragma(`max_page_count=${pages}`)
  const tooMuch = db.transact((sql) => writeMeta(sql, 'station-name', 'x'.repeat(1_000_000)))
  await expect(tooMuch).rejects.toBeInstanceOf(StorageFullError)
  expect(db.isFull()).toBe(true)
  expect(readMeta(db.sql, 'site-id')).toBe('acknowledged')
  expect(readMeta(db.sql, 'station-name')).toBeNull()
  db.sql.pragma('max_page_count=1000000')
  await db.transact((sql) => writeMeta(sql, 'station-name', 'fits'))
  expect(db.isFull()).toBe(false)
})

test('durability is on by name and the file is unreadable without its key', async () => {
  expect(db.sql.pragma('synchronous', { simple: true })).toBe(2)
  expect(db.sql.pragma('journal_mode', { simple: true })).toBe('wal')
  await db.transact((sql) => writeMeta(sql, 'site-id', 'secret'))
  const thief = new Database(join(folder, 'station.db'), { readonly: true })
  expect(() => thief.prepare('SELECT * FROM meta').all()).toThrow(/not a database/)
  thief.close()
})
