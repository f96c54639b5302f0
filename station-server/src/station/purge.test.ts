import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { insertArrival } from '../check-in/check-in-store.ts'
import { openStationMemory } from '../fixture/station-memory.ts'
import { insertPrintJob, readPrintJob, stepPrintJob } from '../printing/print-ledger.ts'
import { noteOperation, wasCarriedOut } from '../storage/operation.ts'
import type { Sql } from '../storage/sql.ts'
import type { StationDb } from '../storage/station-db.ts'
import { purge } from './purge.ts'

const dayMs = 86_400_000
const slotEnd = Date.parse('2026-11-22T09:00:00+08:00')
const bookingId = '01985f00-0000-7000-8000-0000000000b1'

let sql: Sql
let db: StationDb
beforeEach(() => {
  sql = openStationMemory(null, randomBytes)
  db = {
    sql,
    transact: async (work) => sql.transaction(() => work(sql)).immediate(),
    isFull: () => false,
    close: async () => undefined,
  }
})
afterEach(() => sql.close())

/** An arrival with a slip that prints, written by a clock that is off by so much. */
function arriveAndPrint(clockErrorMs: number): void {
  const at = slotEnd - 60_000 + clockErrorMs
  const arrival = {
    bookingId,
    clinicId: bookingId,
    day: '2026-11-22',
    queueNumber: 'A001',
    standing: 'on-time',
  } as const
  insertArrival(sql, { ...arrival, arrivedAt: at, slotEnd, knownBy: 'feed', operationId: 'tap' })
  insertPrintJob(sql, {
    jobId: 'job',
    bookingId,
    copy: 1,
    doc: { blocks: [] },
    locale: 'en',
    createdAt: at,
    expiresAt: at + 300_000,
  })
  stepPrintJob(sql, 'job', 'sending', at)
  noteOperation(sql, 'asked', 'reprint', bookingId, at)
}

test.each([-400 * dayMs, 0, 400 * dayMs])(
  'a clock that is off by %d ms neither empties the day nor keeps it',
  async (off) => {
    arriveAndPrint(off)
    await purge(db, slotEnd + 35 * 3_600_000)
    expect(readPrintJob(sql, 'job')?.state).toBe('sending')
    expect(wasCarriedOut(sql, 'asked', 'reprint')).toBe(true)
    stepPrintJob(sql, 'job', 'failed', slotEnd + off)
    await purge(db, slotEnd + 37 * 3_600_000)
    expect(readPrintJob(sql, 'job')).toBeNull()
    expect(wasCarriedOut(sql, 'asked', 'reprint')).toBe(false)
  },
)

test('a held slip is void once its appointment is forgotten, not before, and the centre hears of it', async () => {
  arriveAndPrint(-400 * dayMs)
  stepPrintJob(sql, 'job', 'held', slotEnd - 400 * dayMs)
  await purge(db, slotEnd + 35 * 3_600_000)
  expect(readPrintJob(sql, 'job')?.state).toBe('held')
  await purge(db, slotEnd + 37 * 3_600_000)
  const [event] = sql.prepare<[], { body: string }>('SELECT body FROM outbox').all()
  expect(JSON.parse(event?.body ?? '{}')).toMatchObject({ jobId: 'job', state: 'void', by: 'time' })
})
