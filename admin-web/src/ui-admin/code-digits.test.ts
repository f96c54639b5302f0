import fc from 'fast-check'
import { expect, test } from 'vitest'
import { digitsTyped } from './code-digits.ts'

test('digits typed one after the other fill the boxes', () => {
  let value = ''
  for (const [at, digit] of [...'123456'].entries()) value = digitsTyped(value, at, digit, 6)
  expect(value).toBe('123456')
})

test('a pasted code fills all boxes, whatever stands between its digits', () => {
  expect(digitsTyped('', 0, '123 456', 6)).toBe('123456')
  expect(digitsTyped('', 0, '１２３４５６', 6)).toBe('123456')
})

test('typing over a filled box replaces its digit only', () => {
  expect(digitsTyped('123456', 2, '39', 6)).toBe('129456')
  expect(digitsTyped('123456', 2, '93', 6)).toBe('129456')
  expect(digitsTyped('123456', 2, '9', 6)).toBe('129456')
})

test('letters change nothing, an emptied box drops what follows', () => {
  expect(digitsTyped('123', 3, 'x', 6)).toBe('123')
  expect(digitsTyped('123456', 2, '', 6)).toBe('12')
})

test('whatever is typed anywhere, the value stays a run of at most six digits', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^\d{0,6}$/), fc.nat(5), fc.string({ maxLength: 20 }), (value, at, typed) =>
      /^\d{0,6}$/.test(digitsTyped(value, at, typed, 6)),
    ),
  )
})
