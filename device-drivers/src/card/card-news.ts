import type { CardIdentifier, CardProblem } from '@yizhan/contracts/card'

/** What was read from a card. Held in memory only, never logged; a picture on the chip is not kept at all. */
export interface CardIdentity {
  /** The card profile (卡方案) by which it was read. */
  profileId: string
  identifiers: CardIdentifier[]
  name?: string
  /** As `YYYY-MM-DD`. */
  birthDate?: string
}

/** What readers of cards tell; one reading (`readingId`) goes from a card's insertion to its removal. */
export type CardNews =
  | { kind: 'card-inserted'; readingId: string }
  | { kind: 'card-read'; readingId: string; identity: CardIdentity }
  | { kind: 'card-refused'; readingId: string; problem: CardProblem }
  | { kind: 'card-removed'; readingId: string }
