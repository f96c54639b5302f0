import { z } from 'zod'

/**
 * What a card says of its holder, by kind: the citizen's ID number (公民身份号码, GB 11643-1999), the number of a hospital or
 * social-security card (卡号), or the serial number of a contactless chip, which identifies but proves nothing.
 */
export const cardIdentifierKinds = ['id-number', 'card-number', 'card-uid'] as const

/** One identifier in its written form: capitals and digits only, an ID number with its check digit. */
export const cardIdentifier = z.strictObject({
  kind: z.enum(cardIdentifierKinds),
  value: z.string().regex(/^[0-9A-Z]{4,40}$/),
})
export type CardIdentifier = z.infer<typeof cardIdentifier>

/**
 * The keyed hash (HMAC-SHA256 by the hospital's card key, base64url) by which a station finds the bookings of a card
 * without holding any identifier.
 */
export const cardHash = z.string().regex(/^[\w-]{43}$/)
export type CardHash = z.infer<typeof cardHash>

/** Why a card that was put in was not read; each has its own picture on the screen. */
export const cardProblems = [
  /** Pulled out before it was read. */
  'removed-early',
  /** The chip gives no sign: wrong way up, or the wrong side. */
  'upside-down',
  /** Read, but of no kind that this hospital takes. */
  'unknown-card',
  /** A known kind, with answers that make no sense or that end too early. */
  'unreadable',
  /** Cards lie in two readers at once. */
  'two-cards',
  /** The reader went away while it read. */
  'reader-lost',
  /** The ID reader's security module refuses its service. */
  'not-authorised',
] as const
export type CardProblem = (typeof cardProblems)[number]
