import { randomBytes } from 'node:crypto'
import { isReceiptNumber } from '@yizhan/rules/receipt/receipt-number'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fixtureStructure } from '../fixture/demo-rows.ts'
import { openStationMemory } from '../fixture/station-memory.ts'
import { writeMeta } from '../storage/meta.ts'
import type { Sql } from '../storage/sql.ts'
import { openNextEpoch } from '../sync/outbox.ts'
import { ReceiptDrawer } from './receipt-drawer.ts'

/** 2026-11-22 08:00 in Shanghai. */
const morningMs = Date.UTC(2026, 10, 22)

function configured(): Sql {
  const sql = openStationMemory(null, randomBytes)
  for (const change of fixtureStructure()) {
    sql
      .prepare('INSERT INTO reference_row (kind, key, row, generation) VALUES (?, ?, ?, 1)')
      .run(change.kind, change.key, JSON.stringify(change.row))
    if (change.kind === 'site') writeMeta(sql, 'site-id', change.key)
  }
  writeMeta(sql, 'station-name', JSON.stringify({ 'zh-CN': '大厅 K 机', en: 'Lobby K' }))
  writeMeta(sql, 'station-letter', 'K')
  return sql
}

const sequenceOf = (number: string) => Number(number.slice(11, 14))

test('the sequence of a day has no gap, also over restarts and a new epoch, and begins anew on the next day', () => {
  const sql = configured()
  const numbers: string[] = []
  const draw = (drawer: ReceiptDrawer, now: number) => numbers.push(drawer.draw(sql, now) ?? 'none')
  const first = new ReceiptDrawer()
  draw(first, morningMs)
  draw(first, morningMs + 3_600_000)
  openNextEpoch(sql)
  draw(first, morningMs + 3_600_000)
  draw(new ReceiptDrawer(), morningMs + 3_600_000)
  draw(first, morningMs + 24 * 3_600_000)
  expect(numbers.map(sequenceOf)).toEqual([1, 2, 3, 4, 1])
  expect(numbers.every(isReceiptNumber)).toBe(true)
  expect(numbers.map((number) => number.slice(0, 8))).toEqual([...Array(4).fill('26112211'), '26112311'])
  sql.close()
})

test('a transaction that fails takes its number back', () => {
  const sql = configured()
  const drawer = new ReceiptDrawer()
  const failing = sql.transaction(() => {
    drawer.draw(sql, morningMs)
    throw new Error('the deed was not kept')
  })
  expect(failing).toThrow()
  expect(sequenceOf(drawer.draw(sql, morningMs) ?? '')).toBe(1)
  sql.close()
})

test('a machine that no centre has greeted has no number to give', () => {
  const sql = openStationMemory(null, randomBytes)
  expect(new ReceiptDrawer().draw(sql, morningMs)).toBeNull()
  sql.close()
})

const count = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: 1, max: 12 }) },
  // Past the end of a series.
  { weight: 1, arbitrary: fc.integer({ min: 995, max: 1005 }) },
)
const act = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('draw' as const), count }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), minutes: fc.integer({ min: 1, max: 900 }) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('restart' as const, 'epoch' as const, 'copy' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('put-back' as const), minutes: fc.integer({ min: 2, max: 60 }) }),
  },
)
type Act = typeof act extends fc.Arbitrary<infer One> ? One : never

/** A machine whose disk is copied and put back. */
class PutBackMachine {
  #sql = configured()
  #copy = this.#sql.serialize()
  #nowMs = morningMs
  #drawer = new ReceiptDrawer()

  do(one: Act): string[] {
    switch (one.kind) {
      case 'draw':
        return Array.from({ length: one.count }, (_, index) => this.#draw(one.count, index))
      case 'wait':
        this.#nowMs += one.minutes * 60_000
        return []
      case 'restart':
        this.#drawer = new ReceiptDrawer()
        return []
      case 'epoch':
        openNextEpoch(this.#sql)
        return []
      case 'copy':
        this.#copy = this.#sql.serialize()
        return []
      case 'put-back':
        this.#nowMs += one.minutes * 60_000
        this.close()
        this.#sql = openStationMemory(this.#copy, randomBytes)
        this.#drawer = new ReceiptDrawer()
        return []
    }
  }

  /** A thousand receipts take their time at any machine. */
  #draw(count: number, index: number): string {
    if (count > 900 && index % 500 === 0) this.#nowMs += 120_000
    const number = this.#drawer.draw(this.#sql, this.#nowMs)
    if (number === null) throw new Error('this machine knows who it is')
    return number
  }

  close(): void {
    this.#sql.close()
  }
}

test('a machine that is started again and again within a minute uses up no mark that a disk put back would meet again', () => {
  const machine = new PutBackMachine()
  const again = [{ kind: 'restart' as const }, { kind: 'draw' as const, count: 1 }]
  const acts: Act[] = [
    { kind: 'copy' },
    ...again,
    ...again,
    ...again,
    { kind: 'put-back', minutes: 2 },
    { kind: 'draw', count: 3 },
  ]
  const given = acts.flatMap((one) => machine.do(one))
  machine.close()
  expect(new Set(given).size).toBe(6)
})

test('no number is given out twice, whatever is restarted or put back, as long as putting a disk back takes two minutes', () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 30 }), (acts) => {
      const machine = new PutBackMachine()
      const given = acts.flatMap((one) => machine.do(one))
      machine.close()
      expect(given).toHaveLength(new Set(given).size)
    }),
    { numRuns: 60 },
  )
})
