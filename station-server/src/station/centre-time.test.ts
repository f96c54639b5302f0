import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { openStationMemory } from '../fixture/station-memory.ts'
import type { StationDb } from '../storage/station-db.ts'
import { CentreTime } from './centre-time.ts'

const dayMs = 86_400_000
const start = Date.parse('2026-11-22T09:00:00+08:00')

function openDb(): StationDb {
  const sql = openStationMemory(null, randomBytes)
  return {
    sql,
    transact: async (work) => sql.transaction(() => work(sql)).immediate(),
    isFull: () => false,
    close: async () => undefined,
  }
}

test('what the centre has said is carried on, and known after a restart to within ten minutes', async () => {
  const [db, clock] = [openDb(), { ms: 0 }]
  const time = new CentreTime(db, () => clock.ms)
  expect(time.certainlyPassed()).toBe(0)
  await time.hear(start)
  clock.ms = 5000
  expect(time.certainlyPassed()).toBe(start + 5000)
  await time.hear(start + 60_000)
  expect(new CentreTime(db, () => 0).certainlyPassed()).toBe(start)
})

test('a centre that was days ahead and is right again is believed: what is forgotten by it comes to an end', async () => {
  const db = openDb()
  const time = new CentreTime(db, () => 0)
  await time.hear(start)
  await time.hear(start + 400 * dayMs)
  await time.hear(start + 15_000)
  expect(time.certainlyPassed()).toBe(start + 15_000)
  expect(new CentreTime(db, () => 0).certainlyPassed()).toBe(start + 15_000)
})
