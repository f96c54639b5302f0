import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fallbackQueueNumber, leasedQueueNumber, waitEstimate } from './queue-number.ts'

test('numbers of both series look as printed and never meet', () => {
  expect(leasedQueueNumber('A', 37)).toBe('A037')
  expect(leasedQueueNumber('A', 1037)).toBe('A1037')
  expect(fallbackQueueNumber('A', 'K', 7)).toBe('A-K07')
})

test('an estimate is a range of at least five minutes around the plain product', () => {
  fc.assert(
    fc.property(fc.nat(200), fc.double({ min: 0.5, max: 60, noNaN: true }), (people, minutes) => {
      const { fromMin, toMin } = waitEstimate(people, minutes)
      return fromMin % 5 === 0 && toMin - fromMin >= 5 && fromMin <= people * minutes && toMin >= people * minutes
    }),
  )
  expect(waitEstimate(0, 6)).toEqual({ fromMin: 0, toMin: 5 })
})
