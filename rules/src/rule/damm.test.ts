import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dammCheckDigit, hasDammCheckDigit } from './damm.ts'

const digits = fc.stringMatching(/^\d{1,20}$/)

test('the published example 572 has the check digit 4', () => {
  expect(dammCheckDigit('572')).toBe(4)
})

test('a number with its check digit fits', () => {
  fc.assert(fc.property(digits, (number) => hasDammCheckDigit(`${number}${dammCheckDigit(number)}`)))
})

test('one wrong digit never fits', () => {
  fc.assert(
    fc.property(digits, fc.nat(), fc.integer({ min: 1, max: 9 }), (number, place, by) => {
      const whole = `${number}${dammCheckDigit(number)}`
      const at = place % whole.length
      const wrong = (Number(whole[at]) + by) % 10
      return !hasDammCheckDigit(`${whole.slice(0, at)}${wrong}${whole.slice(at + 1)}`)
    }),
  )
})

test('two neighbouring digits swapped never fit, unless they are the same', () => {
  fc.assert(
    fc.property(digits, fc.nat(), (number, place) => {
      const whole = `${number}${dammCheckDigit(number)}`
      const at = place % (whole.length - 1)
      const swapped = `${whole.slice(0, at)}${whole[at + 1]}${whole[at]}${whole.slice(at + 2)}`
      return swapped === whole || !hasDammCheckDigit(swapped)
    }),
  )
})

test('anything that is not digits is refused', () => {
  expect(hasDammCheckDigit('12a4')).toBe(false)
  expect(hasDammCheckDigit('')).toBe(false)
  expect(() => dammCheckDigit('１２')).toThrow(RangeError)
})
