import fc from 'fast-check'
import { expect, test } from 'vitest'
import { admitCounter, type SeenCounters } from './replay-window.ts'

const none: SeenCounters = { highest: 0, seen: 0 }

function admitAll(counters: readonly number[]): number[] {
  let window = none
  return counters.filter((counter) => {
    const next = admitCounter(window, counter)
    window = next ?? window
    return next !== null
  })
}

test('no counter is ever admitted twice, in whatever order they come', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 80 }), { maxLength: 200 }), (counters) => {
      const admitted = admitAll(counters)
      expect(new Set(admitted).size).toBe(admitted.length)
    }),
  )
})

test('fresh counters that overtake each other by less than 32 places are all admitted', () => {
  const jumbled = fc
    .uniqueArray(fc.integer({ min: 0, max: 31 }), { minLength: 1 })
    .map((places) => places.map((place) => place + 1000))
  fc.assert(
    fc.property(jumbled, (counters) => {
      expect(admitAll(counters)).toEqual(counters)
    }),
  )
})

test('a counter too old to be told from a replay is refused', () => {
  expect(admitAll([1, 40, 2])).toEqual([1, 40])
})
