import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { drawId } from './drawn-id.ts'

test('ids of one moment differ, and sort by their moments', () => {
  const sql = new Database(':memory:')
  const ids = Array.from({ length: 1000 }, () => drawId(sql, 1_000_000))
  expect(new Set(ids).size).toBe(1000)
  expect(drawId(sql, 1_000_001) > (ids.toSorted().at(-1) ?? '')).toBe(true)
  sql.close()
})

test('another connection, even to the same file, draws other ids', () => {
  const [one, other] = [new Database(':memory:'), new Database(':memory:')]
  expect(drawId(one, 1)).not.toBe(drawId(other, 1))
  one.close()
  other.close()
})

test('a generator that is put in place of the database’s own decides the random part', () => {
  const sql = new Database(':memory:')
  sql.function('randomblob', (bytes: unknown) => Buffer.alloc(Number(bytes), 7))
  expect(drawId(sql, 1)).toBe(drawId(sql, 1))
  sql.close()
})
