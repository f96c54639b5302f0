import { cardIdentifier } from '@yizhan/contracts/card'
import { expect, test } from 'vitest'
import { cardProblems, cardsOf, idNumberVerdict } from './patient-cards.ts'

// The region code 990000 does not exist: this is nobody's number.
const idNumber = '990000198703150028'
const none = { idNumber: '', cardNumber: '' }

test('what was shown is told as it stands on the card, and what was not shown not at all', () => {
  expect(cardsOf(none)).toEqual([])
  const cards = cardsOf({ idNumber: ' 990000 19870315 0028 ', cardNumber: 'ｙ-0001 02a' })
  expect(cards.map((card) => cardIdentifier.parse(card))).toEqual([
    { kind: 'id-number', value: idNumber },
    { kind: 'card-number', value: 'Y000102A' },
  ])
})

test('an ID number is judged once it is whole, and every single wrong digit is found', () => {
  expect(idNumberVerdict(idNumber.slice(0, 17))).toBeNull()
  expect(idNumberVerdict(idNumber)).toBe('fits')
  for (let at = 0; at < 18; at += 1) {
    const other = String((Number(idNumber.charAt(at)) + 1) % 10)
    const mistyped = idNumber.slice(0, at) + other + idNumber.slice(at + 1)
    expect(idNumberVerdict(mistyped), mistyped).toBe('wrong')
  }
})

test('half a number, another birthday and a card number with other signs are told', () => {
  expect(cardProblems(none, '')).toEqual({})
  expect(cardProblems({ idNumber, cardNumber: '00010002' }, '1987-03-15')).toEqual({})
  expect(cardProblems({ idNumber, cardNumber: '12#4' }, '1987-03-16')).toEqual({
    idNumber: 'booking.form.idNumber.otherBirth',
    cardNumber: 'booking.form.cardNumber.wrong',
  })
  expect(cardProblems({ idNumber: idNumber.slice(1), cardNumber: '' }, '')).toEqual({
    idNumber: 'booking.form.idNumber.wrong',
  })
})
