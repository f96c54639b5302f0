import { id } from '@yizhan/contracts/id'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { uuidV7 } from './uuid-v7.ts'

const random = fc.uint8Array({ minLength: 10, maxLength: 10 })

test('every id is one that the contracts accept, and carries its moment', () => {
  fc.assert(
    fc.property(fc.nat(2 ** 48 - 1), random, (nowMs, bytes) => {
      const made = uuidV7(nowMs, bytes)
      expect(id.parse(made)).toBe(made)
      expect(Number.parseInt(made.replace('-', '').slice(0, 12), 16)).toBe(nowMs)
    }),
  )
})

test('a later id sorts after an earlier one', () => {
  fc.assert(
    fc.property(
      fc.nat(2 ** 47),
      fc.integer({ min: 1, max: 2 ** 40 }),
      random,
      random,
      (start, later, first, second) => {
        return uuidV7(start, first) < uuidV7(start + later, second)
      },
    ),
  )
})

test('too little randomness is a fault', () => {
  expect(() => uuidV7(0, new Uint8Array(9))).toThrow(RangeError)
})
