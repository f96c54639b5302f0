import { seededRandom } from '../drill/seeded-random.ts'

/** Everything that is left to chance in a simulated run; the same seed draws the same. */
export interface Chance {
  /** True so often, of one. */
  happens(probability: number): boolean
  /** A whole number from 0 up to, not including, `limit`. */
  below(limit: number): number
  /** One of a list that is not empty. */
  pick<Item>(items: readonly Item[]): Item
  bytes(count: number): Buffer
  shuffled<Item>(items: readonly Item[]): Item[]
}

/** The chances of a seed. */
export function seededChance(seed: number): Chance {
  const next = seededRandom(seed)
  const below = (limit: number) => Math.floor(next() * limit)
  return {
    happens: (probability) => next() < probability,
    below,
    pick(items) {
      const item = items[below(items.length)]
      if (item === undefined) throw new Error('there is nothing to pick from')
      return item
    },
    bytes: (count) => Buffer.from(Array.from({ length: count }, () => below(256))),
    shuffled(items) {
      return items
        .map((item) => ({ item, place: next() }))
        .sort((one, other) => one.place - other.place)
        .map(({ item }) => item)
    },
  }
}
