import { createHmac } from 'node:crypto'
import type { CardHash, CardIdentifier } from '@yizhan/contracts/card'
import { cardHashText } from '@yizhan/rules/card/card-hash-text'
import { readMeta } from '../storage/meta.ts'
import type { Sql } from '../storage/sql.ts'

/** The keyed hashes of what a card says; none before the centre has told the hospital's card key. */
export function cardHashes(sql: Sql, identifiers: readonly CardIdentifier[]): CardHash[] {
  const cardKey = readMeta(sql, 'card-key')
  if (cardKey === null) return []
  const key = Buffer.from(cardKey, 'base64')
  return identifiers.map((one) => createHmac('sha256', key).update(cardHashText(one)).digest('base64url'))
}
