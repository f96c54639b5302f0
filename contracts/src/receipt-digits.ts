import { z } from 'zod'

/** A receipt number (回执号): fifteen digits, the last a Damm check digit; given out by a station without the centre. */
export const receiptNumber = z.string().regex(/^\d{15}$/)
