import { z } from 'zod'
import { id } from './id.ts'
import { hospitalDay } from './time.ts'

/** A queue's letter on tickets and boards. I and O are left out: they read as digits. */
export const queueLetter = z.string().regex(/^[A-HJ-NP-Z]$/)

/**
 * A queue number (排队号) as printed: `A037` from a leased block, `A-K07` from the fallback series of station K when no
 * leased number is left.
 */
export const queueNumber = z.string().regex(/^[A-HJ-NP-Z](?:\d{3,4}|-[A-HJ-NP-Z]\d{2,4})$/)

/** A run of queue numbers that only one station may give out: first and last, both included. */
export const numberBlock = z.strictObject({
  blockId: id,
  clinicId: id,
  day: hospitalDay,
  first: z.int().min(1).max(9999),
  last: z.int().min(1).max(9999),
})
export type NumberBlock = z.infer<typeof numberBlock>
