import { createHmac } from 'node:crypto'
import type { CardHash, CardIdentifier } from '@yizhan/contracts/card'
import { cardHashText } from '@yizhan/rules/card/card-hash-text'
import { isIdNumber } from '@yizhan/rules/patient/id-number'

/** Whether every ID number among the identifiers has its right check digit; the other kinds carry none. */
export function areCardsPlausible(cards: readonly CardIdentifier[]): boolean {
  return cards.every(({ kind, value }) => kind !== 'id-number' || isIdNumber(value))
}

/** The keyed hashes of cards and documents, each once: what is stored and told to stations in place of the numbers. */
export function hashCards(cardKey: Buffer, cards: readonly CardIdentifier[]): CardHash[] {
  const hashes = cards.map((card) => createHmac('sha256', cardKey).update(cardHashText(card)).digest('base64url'))
  return [...new Set(hashes)]
}
