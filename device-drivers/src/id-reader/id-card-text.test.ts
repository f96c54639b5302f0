import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeIdCardText, plainIdCard, type SimIdCard } from '../sim/sim-id-card.ts'
import { readIdCard } from './id-card-text.ts'

function answerOf(change: Partial<SimIdCard>): Buffer {
  const text = encodeIdCardText({ ...plainIdCard, ...change })
  return Buffer.concat([Buffer.from([1, 0, 4, 0]), text, Buffer.alloc(1024)])
}

test('a card is read with its name, its number and its birth date, and nothing more', () => {
  expect(readIdCard(answerOf({}))).toEqual({
    identity: {
      profileId: 'id-card-2',
      identifiers: [{ kind: 'id-number', value: plainIdCard.idNumber }],
      name: '张三',
      birthDate: '1990-01-01',
    },
  })
})

test.each(['张䶮', '𠮷𬭎', '阿卜杜拉·买买提'])('the name %s is read whole', (name) => {
  expect(readIdCard(answerOf({ name }))).toMatchObject({ identity: { name } })
})

test('a number with a wrong check digit, and an answer that is too short, are unreadable', () => {
  const wrong = plainIdCard.idNumber.slice(0, 17) + (plainIdCard.idNumber.endsWith('1') ? '2' : '1')
  expect(readIdCard(answerOf({ idNumber: wrong }))).toEqual({ problem: 'unreadable' })
  expect(readIdCard(answerOf({ idNumber: '' }))).toEqual({ problem: 'unreadable' })
  expect(readIdCard(answerOf({}).subarray(0, 259))).toEqual({ problem: 'unreadable' })
})

test('a small x as the check digit is the capital one', () => {
  const idNumber = '99000019900101005x'
  const card = readIdCard(answerOf({ idNumber }))
  expect(card).toMatchObject({ identity: { identifiers: [{ value: idNumber.toUpperCase() }] } })
})

test('a resident of Hong Kong, Macao or Taiwan is read, a foreigner’s card is of an unknown kind', () => {
  expect(readIdCard(answerOf({ cardType: 'J' }))).toHaveProperty('identity')
  for (const cardType of ['I', 'Y']) expect(readIdCard(answerOf({ cardType }))).toEqual({ problem: 'unknown-card' })
})

test('a birth date that is none, and a name with control characters, are left out', () => {
  const card = readIdCard(answerOf({ birthDate: '19900231', name: 'a\u0007b' }))
  if (!('identity' in card)) throw new Error('the card was refused')
  expect(card.identity).not.toHaveProperty('birthDate')
  expect(card.identity).not.toHaveProperty('name')
})

test('no answer whatever makes it throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 1300 }), (bytes) => {
      expect(readIdCard(Buffer.concat([Buffer.from([1, 0, 4, 0]), bytes]))).toBeTypeOf('object')
    }),
  )
})
