import { array, assert, constantFrom, integer, property, record } from 'fast-check'
import { expect, test } from 'vitest'
import {
  compareHybrid,
  type HybridTime,
  hearHybrid,
  hybridStart,
  longestAdoptedMs,
  readHybrid,
  tickHybrid,
  writeHybrid,
} from './hybrid-clock.ts'

const day = 24 * 60 * 60_000
const start = Date.UTC(2026, 10, 21)
/** Wall clocks that stand, run, jump ahead and fall back by as much as 400 days. */
const wallSteps = array(constantFrom(0, 1, 7, 1000, -1, -5000, 400 * day, -400 * day), { maxLength: 60 })

test('own times only ever grow, whatever the wall clock does', () => {
  void assert(
    property(wallSteps, (steps) => {
      let wallMs = start
      let last = hybridStart
      for (const step of steps) {
        wallMs = Math.max(0, wallMs + step)
        const next = tickHybrid(last, wallMs)
        expect(compareHybrid(last, next)).toBeLessThan(0)
        last = next
      }
    }),
  )
})

test('what answers a message is later than the message, and no clock is dragged more than a minute ahead', () => {
  const times = record({ aheadMs: integer({ min: -day, max: 3 * day }), count: integer({ min: 0, max: 0xffff }) })
  void assert(
    property(array(times, { maxLength: 40 }), (heard) => {
      let last: HybridTime = hybridStart
      for (const { aheadMs, count } of heard) {
        const message = { wallMs: start + aheadMs, count }
        const next = hearHybrid(last, message, start)
        expect(compareHybrid(last, next)).toBeLessThan(0)
        if (aheadMs <= longestAdoptedMs) expect(compareHybrid(message, next)).toBeLessThan(0)
        expect(next.wallMs).toBeLessThanOrEqual(start + longestAdoptedMs + 1)
        last = next
      }
    }),
  )
})

test('a full counter pushes the milliseconds on instead of falling back', () => {
  expect(tickHybrid({ wallMs: start, count: 0xffff }, start)).toEqual({ wallMs: start + 1, count: 0 })
})

test('written times sort as the times do, and are read back', () => {
  const times = record({ wallMs: integer({ min: 0, max: 9_999_999_999_999 }), count: integer({ min: 0, max: 0xffff }) })
  void assert(
    property(times, times, (one, other) => {
      const [a, b] = [writeHybrid(one), writeHybrid(other)]
      expect(Math.sign(a < b ? -1 : a > b ? 1 : 0)).toBe(Math.sign(compareHybrid(one, other)))
      expect(readHybrid(a)).toEqual(one)
    }),
  )
  expect(readHybrid('not a time')).toBeNull()
  expect(readHybrid('1790000000000.99999')).toBeNull()
})
