import { oc } from '@orpc/contract'
import { z } from 'zod'
import { id } from './id.ts'
import { localText } from './local-text.ts'
import { readinessReport } from './readiness.ts'
import { receiptNumber } from './receipt-digits.ts'
import { instantMs } from './time.ts'

/** A deed that was given a receipt number (回执), with what was reported of it. */
export const receiptRow = z.strictObject({
  receiptNumber,
  kind: z.literal('readiness'),
  stationId: id,
  stationName: localText,
  /** When the station gave the number out, by its own clock. */
  issuedAt: instantMs,
  report: readinessReport,
})
export type ReceiptRow = z.infer<typeof receiptRow>

/** Looking up what became of a deed by its receipt number. */
export const receiptContract = {
  find: oc
    .route({
      method: 'GET',
      path: '/receipts/{receiptNumber}',
      summary: 'What was given this receipt number',
      tags: ['receipt'],
    })
    .errors({ 'receipt-unknown': { status: 404, message: 'Nothing with this number has reached the centre' } })
    .input(z.strictObject({ receiptNumber }))
    /** More than one only if a station has given a number out twice, which staff must then see. */
    .output(z.strictObject({ receipts: z.array(receiptRow).min(1).max(20) })),
}
