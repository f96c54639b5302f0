import type { CardIdentifier } from '@yizhan/contracts/card'

/**
 * The text whose keyed hash (HMAC-SHA256 by the hospital's card key) stands for an identifier at centre and stations alike.
 * The kind is part of it, so that an ID number and a card number of equal digits are never one.
 */
export function cardHashText({ kind, value }: CardIdentifier): string {
  return `${kind}:${value}`
}
