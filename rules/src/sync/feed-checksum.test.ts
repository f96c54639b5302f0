import fc from 'fast-check'
import { expect, test } from 'vitest'
import { feedChecksum, feedRowHash } from './feed-checksum.ts'

const row = fc.dictionary(fc.string({ maxLength: 5 }), fc.jsonValue(), { maxKeys: 5 })
const rows = fc.uniqueArray(fc.tuple(fc.uuid(), row), { selector: ([key]) => key, maxLength: 8 })
const sumOf = (list: [string, unknown][]) => feedChecksum(list.map(([key, one]) => feedRowHash('booking', key, one)))

test('the order of rows and of their fields does not matter', () => {
  fc.assert(
    fc.property(rows, (list) => {
      const turned = list.map(([key, one]): [string, unknown] => [
        key,
        Object.fromEntries(Object.entries(one).reverse()),
      ])
      expect(sumOf(turned.reverse())).toEqual(sumOf(list))
    }),
  )
})

test('a row that is missing, or another in any field or key, is noticed', () => {
  fc.assert(
    fc.property(rows, fc.uuid(), row, (list, key, one) => {
      const more: [string, unknown][] = [...list, [key, one]]
      expect(sumOf(more)).not.toEqual(sumOf(list))
      expect(sumOf([...list, [key, { ...one, version: 2 }]])).not.toEqual(
        sumOf([...list, [key, { ...one, version: 3 }]]),
      )
      expect(feedRowHash('site', key, one)).not.toBe(feedRowHash('clinic', key, one))
    }),
  )
})

test('the hash stays what it is: stations keep it', () => {
  expect(feedRowHash('site', 'a', { b: 1, a: ['x'] })).toMatchInlineSnapshot(`"02b84352a21f19e4"`)
})
