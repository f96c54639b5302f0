import { expect, test } from 'vitest'
import { cardHashText } from './card-hash-text.ts'

// Written out, since every hash that a centre has stored depends on it.
test('an identifier hashes as its kind, a colon, and its value', () => {
  expect(cardHashText({ kind: 'id-number', value: '99000019870315001X' })).toBe('id-number:99000019870315001X')
  expect(cardHashText({ kind: 'card-number', value: '00010002' })).toBe('card-number:00010002')
})

test('equal digits of two kinds are two texts', () => {
  expect(cardHashText({ kind: 'card-uid', value: '04A1B2C3' })).not.toBe(
    cardHashText({ kind: 'card-number', value: '04A1B2C3' }),
  )
})
