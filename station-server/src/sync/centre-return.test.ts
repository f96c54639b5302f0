import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openStationMemory } from '../fixture/station-memory.ts'
import { createCentreReturn, keepStormWindow, readStormWindow } from './centre-return.ts'

const seeded = (seed: number) => {
  let state = seed
  // The generator of Park and Miller (minimal standard, 1988).
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}

function comeback(random: () => number, windowMs = 15_000) {
  const clock = { ms: 0 }
  const link = createCentreReturn({ monotonic: () => clock.ms, random, windowMs: () => windowMs })
  return { link, clock }
}

test('a station that lost one call tries again within a second, and is back with the first answer', () => {
  const { link, clock } = comeback(() => 1, 60_000)
  const heard: string[] = []
  link.onBack(() => heard.push('back'))
  expect(link.waitMs()).toBe(0)
  link.note(false)
  expect(link.isHere).toBe(false)
  expect(link.waitMs()).toBe(1000)
  clock.ms = 1000
  expect(link.waitMs()).toBe(0)
  link.note(true)
  expect(link.isHere).toBe(true)
  link.note(true)
  expect(heard).toEqual(['back'])
})

test('calls that fail together count once', () => {
  const { link, clock } = comeback(() => 1, 2000)
  link.note(false)
  clock.ms = 500
  link.note(false)
  link.note(false)
  expect(link.waitMs()).toBe(500)
})

test('after an outage a thousand stations come back evenly over the window, whatever the seed', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2_000_000_000 }), (seed) => {
      const random = seeded(seed)
      const waits = Array.from({ length: 1000 }, () => {
        const { link, clock } = comeback(random, 15_000)
        link.note(false)
        clock.ms = 1000
        link.note(false)
        return link.waitMs()
      })
      const perThird = [0, 5000, 10_000].map((from) => waits.filter((ms) => ms > from && ms <= from + 5000).length)
      // Of 333 expected, six standard deviations.
      for (const count of perThird) expect(Math.abs(count - 1000 / 3)).toBeLessThan(90)
    }),
    { numRuns: 50 },
  )
})

test('however long it lasts, a small hall waits at most 15 s, a large fleet at most its window', () => {
  for (const [windowMs, longestMs] of [
    [2000, 15_000],
    [60_000, 60_000],
  ] as const) {
    const { link, clock } = comeback(() => 1, windowMs)
    for (let failure = 0; failure < 2000; failure += 1) {
      clock.ms += link.waitMs()
      link.note(false)
    }
    expect(link.waitMs()).toBe(longestMs)
  }
})

test('the window that the centre told outlives a restart; one that told none changes nothing', () => {
  const sql = openStationMemory(null, (count) => Buffer.alloc(count))
  expect(readStormWindow(sql)).toBe(2000)
  keepStormWindow(sql, 15_000)
  keepStormWindow(sql, undefined)
  const restarted = openStationMemory(sql.serialize(), (count) => Buffer.alloc(count))
  expect(readStormWindow(restarted)).toBe(15_000)
  sql.close()
  restarted.close()
})
