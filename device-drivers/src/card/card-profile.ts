import { cardIdentifierKinds } from '@yizhan/contracts/card'
import { z } from 'zod'

/** A command of 4 to 261 bytes (ISO 7816-3, short APDUs) in hexadecimal; `{name}` stands for the bytes of an earlier value. */
const apduPattern = z
  .string()
  .max(600)
  .regex(/^(?:[0-9A-F]{2}|\{[a-z][\w-]*\})+$/i)

/** Hexadecimal with `x` for any digit: an ATR or the beginning of one, a status word, a value. */
const hexMask = z
  .string()
  .max(80)
  .regex(/^[0-9a-fx]+$/i)
const statusMask = z.string().regex(/^[0-9a-fx]{4}$/i)
const statusMasks = z.array(statusMask).min(1).max(8)
const valueName = z
  .string()
  .max(32)
  .regex(/^[a-z][\w-]*$/i)

/** How the bytes of a value are read as text. `bcd` gives its digits, `hex` capitals. */
export const cardDecodings = ['ascii', 'gb18030', 'bcd', 'utf16le', 'hex'] as const
export type CardDecoding = (typeof cardDecodings)[number]

/** What is taken from an answer, in this order: a data object by its tag, a part of that, its text. */
const taking = {
  /** The tag of the one BER-TLV data object to take; every length in the answer must fit (ISO 7816-4, 5.2.2). */
  tlv: z
    .string()
    .regex(/^[0-9a-f]{2}$/i)
    .optional(),
  /** The part that begins at a byte and has so many. */
  slice: z.strictObject({ at: z.int().min(0).max(255), length: z.int().min(1).max(256) }).optional(),
  /** The lengths in bytes that the value may have; any other makes the card unreadable. */
  lengths: z.array(z.int().min(1).max(256)).min(1).max(8).optional(),
  /** Values that identify nobody, such as the random serial numbers of phones. */
  not: z.array(hexMask).min(1).max(8).optional(),
  decode: z.enum(cardDecodings).default('hex'),
  /** Only when that value was found, or was not found, before. */
  when: z.union([z.strictObject({ found: valueName }), z.strictObject({ missing: valueName })]).optional(),
  /** What the card does not have is passed over; an answer that makes no sense still is not. */
  optional: z.boolean().default(false),
}

/** Asks the card. Without `as` only the status word counts. */
const askStep = z.strictObject({
  apdu: apduPattern,
  sw: statusMasks.default(['9000']),
  as: valueName.optional(),
  ...taking,
})
/** Takes another value from an answer that an earlier step kept. */
const takeStep = z.strictObject({ from: valueName, as: valueName, ...taking })

/** One step of a profile's script. */
export const cardStep = z.union([askStep, takeStep])
export type CardStep = z.infer<typeof cardStep>

/**
 * How one kind of card is known and read (卡方案): data, so that a hospital's cards need no release. No loops, no arithmetic: a
 * script ends, within its limits.
 */
export const cardProfile = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{2,40}$/),
  version: z.int().min(1),
  /** Where the commands and fields come from, for whoever has to change them. */
  source: z.string().min(1).max(600),
  /** Of several profiles that may fit, the highest is tried first. */
  priority: z.int().min(0).max(100),
  media: z
    .array(z.enum(['contact', 'contactless']))
    .min(1)
    .max(2),
  match: z.strictObject({
    /** A hint: cards with such an ATR are tried with this profile first. Alone it decides only where no probe is given. */
    atrMasks: z.array(hexMask).max(16),
    probe: z.strictObject({ apdu: apduPattern, swMasks: statusMasks }).optional(),
  }),
  steps: z.array(cardStep).min(1).max(64),
  output: z.strictObject({
    identifiers: z
      .array(z.strictObject({ kind: z.enum(cardIdentifierKinds), from: valueName }))
      .min(1)
      .max(4),
    name: valueName.optional(),
    birthDate: valueName.optional(),
  }),
  /** `stepMs`: longest wait for one answer. `totalMs`: for the whole script. */
  limits: z.strictObject({
    maxApdus: z.int().min(1).max(64),
    totalMs: z.int().min(1).max(3000),
    stepMs: z.int().min(1).max(1000),
  }),
})
export type CardProfile = z.infer<typeof cardProfile>

/** The profiles of one file, which is signed as a whole; ids are unique in it. */
export const cardProfileSet = z
  .strictObject({ setVersion: z.int().min(1), profiles: z.array(cardProfile).min(1).max(16) })
  .refine(({ profiles }) => new Set(profiles.map(({ id }) => id)).size === profiles.length, 'a profile stands twice')
