import { oc } from '@orpc/contract'
import { z } from 'zod'
import { attachmentFacts, partBytes } from './attachment.ts'
import { id } from './id.ts'
import { stationRefusals } from './station-refusal.ts'

const refusals = {
  ...stationRefusals,
  'attachments-over-limit': {
    status: 429,
    message: 'This station has sent as much as one may in a day',
    data: z.strictObject({ retryAfterMs: z.int().min(0) }),
  },
} as const

/** The calls by which a station brings the bytes of attachments; signed like all of its calls, so every part is proved. */
export const attachmentSync = {
  /** Tells of an attachment and asks from where its bytes go on; `stored` when the centre holds it whole. */
  offset: oc
    .errors(refusals)
    .input(attachmentFacts)
    .output(z.strictObject({ offset: z.int().min(0), stored: z.boolean() })),
  /** Stores the next part. With the last one the whole is checked against the digest; if it is not that, all of it goes again. */
  part: oc
    .errors({
      ...refusals,
      'attachment-unknown': { status: 404, message: 'Tell of this attachment first' },
      'offset-wrong': { status: 409, message: 'Go on from here', data: z.strictObject({ offset: z.int().min(0) }) },
    })
    .input(z.strictObject({ attachmentId: id, offset: z.int().min(0), bytes: partBytes }))
    .output(z.strictObject({ offset: z.int().min(0), stored: z.boolean() })),
}
