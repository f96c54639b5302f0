import fc from 'fast-check'
import { expect, test } from 'vitest'
import { birthDateOf, dateOfEightDigits, idNumberCheckDigit, isIdNumber } from './id-number.ts'

const birthDate = fc
  .date({ min: new Date('1800-01-01T00:00:00Z'), max: new Date('2199-12-31T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10))
const idNumber = fc
  .tuple(fc.integer({ min: 100_000, max: 999_999 }), birthDate, fc.integer({ min: 0, max: 999 }))
  .map(([region, date, order]) => {
    const seventeen = `${region}${date.replaceAll('-', '')}${String(order).padStart(3, '0')}`
    return `${seventeen}${idNumberCheckDigit(seventeen)}`
  })

test.each([
  ['11010519491231002X', '1949-12-31'],
  ['440524188001010014', '1880-01-01'],
])('the standard’s own example %s is an ID number, of somebody born on %s', (text, born) => {
  expect(isIdNumber(text)).toBe(true)
  expect(birthDateOf(text)).toBe(born)
})

test('every region, date and order with its check digit is an ID number, and gives the date back', () => {
  fc.assert(
    fc.property(idNumber, (number) => {
      const digits = number.slice(6, 14)
      return isIdNumber(number) && birthDateOf(number)?.replaceAll('-', '') === digits
    }),
  )
})

test('one wrong character never fits', () => {
  const characters = '0123456789X'
  fc.assert(
    fc.property(idNumber, fc.nat({ max: 17 }), fc.nat({ max: 10 }), (number, at, choice) => {
      const wrong = `${number.slice(0, at)}${characters.charAt(choice)}${number.slice(at + 1)}`
      return wrong === number || !isIdNumber(wrong)
    }),
  )
})

test('two neighbouring characters swapped never fit, unless they are the same', () => {
  fc.assert(
    fc.property(idNumber, fc.nat({ max: 16 }), (number, at) => {
      const swapped = `${number.slice(0, at)}${number[at + 1]}${number[at]}${number.slice(at + 2)}`
      return swapped === number || !isIdNumber(swapped)
    }),
  )
})

test('a day that does not exist is no birth date, whatever the check digit says', () => {
  for (const day of ['20230229', '19000229', '19900431', '19901301', '19900100', '19900001', '17991231']) {
    const seventeen = `990000${day}001`
    expect(isIdNumber(`${seventeen}${idNumberCheckDigit(seventeen)}`)).toBe(false)
    expect(dateOfEightDigits(day)).toBeUndefined()
  }
  expect(dateOfEightDigits('20240229')).toBe('2024-02-29')
  expect(dateOfEightDigits('2024022')).toBeUndefined()
})

test('anything else is refused: other lengths, other scripts, spaces, a small x', () => {
  for (const text of [
    '',
    '110105194912310',
    '11010519491231002x',
    ' 11010519491231002X',
    '１１010519491231002X',
    '0101051949123100260',
  ])
    expect(isIdNumber(text)).toBe(false)
  fc.assert(fc.property(fc.string(), (text) => birthDateOf(text) === undefined || isIdNumber(text)))
  expect(() => idNumberCheckDigit('1101051949123100')).toThrow(RangeError)
})
