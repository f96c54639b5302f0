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

/** Names one restore of the centre to an older copy (中心回退). */
export const restoreId = z.uuid()

/** More series than a station holds of a day and the next at a hospital of a thousand clinics. */
export const mostToldSeries = 2000

/** Numbers that a centre which was put back, and has forgotten leases, must not lease to anybody else. */
export const toldNumbers = z.strictObject({
  /** The restore after which the centre has asked; null when it has not. */
  restore: restoreId.nullable(),
  /** By clinic and day, the highest number that was leased to this station or that it may have given out. */
  highest: z
    .array(z.strictObject({ clinicId: id, day: hospitalDay, highest: z.int().min(1).max(9999) }))
    .max(mostToldSeries),
})
export type ToldNumbers = z.infer<typeof toldNumbers>

/** Why the centre leases no numbers. */
export const leaseRefusals = {
  'clinic-unknown': { status: 404, message: 'No such clinic at this site' },
  'numbers-in-doubt': {
    status: 409,
    message: 'The centre was put back and does not know yet which numbers stations hold; ask again later',
  },
  'series-exhausted': { status: 409, message: 'Every number of this letter and day has been leased' },
} as const
