import { oc } from '@orpc/contract'
import { z } from 'zod'
import { id } from './id.ts'
import { instantMs } from './time.ts'

/** What an attachment (附件) may be: a voice note (Opus) or a drawing. Its first bytes must say the same. */
export const mediaTypes = ['audio/webm', 'audio/ogg', 'image/png'] as const
export type MediaType = (typeof mediaTypes)[number]

/** Ten minutes of speech at 64 kbit/s are 5 MB; a drawing is far less. */
export const mostAttachmentBytes = 8 * 1024 * 1024
/** Bytes in one part at most, 64 KiB in base64. */
export const mostPartBytes = 48 * 1024

/** One part of the bytes, base64. */
export const partBytes = z
  .base64()
  .min(4)
  .max((mostPartBytes / 3) * 4)

/**
 * What both ends know an attachment by: `digest` is the SHA-256 of 16 random bytes (`salt`) and then the content, base64. Whoever has
 * the content can check it; two patients who say or draw the same have different digests all the same.
 */
export const attachmentFacts = z.strictObject({
  attachmentId: id,
  mediaType: z.enum(mediaTypes),
  byteLength: z.int().min(1).max(mostAttachmentBytes),
  salt: z.base64().length(24),
  digest: z.base64().length(44),
  madeAt: instantMs,
})
export type AttachmentFacts = z.infer<typeof attachmentFacts>

/** Something of an attachment could not be read any more before it was sent; staff learn that it will not come. */
export const attachmentLost = z.strictObject({ attachmentId: id, at: instantMs })

const sessionOver = { status: 410, message: 'The session is over' } as const
const named = { sessionId: z.uuid(), attachmentId: id }

/** How the kiosk page hands an attachment over, part by part, within a patient's session. */
export const attachmentContract = {
  /** Begins one, or takes one of this session up again after the page was loaded anew: the answer says where it goes on. */
  begin: oc
    .errors({
      'attachments-full': { status: 507, message: 'No room for another attachment until those waiting are sent' },
      'attachment-finished': { status: 409, message: 'This attachment is finished' },
    })
    .input(z.strictObject({ ...named, mediaType: z.enum(mediaTypes) }))
    .output(z.strictObject({ offset: z.int().min(0) })),
  append: oc
    .errors({
      'session-over': sessionOver,
      'offset-wrong': { status: 409, message: 'Go on from here', data: z.strictObject({ offset: z.int().min(0) }) },
      'media-type-wrong': { status: 415, message: 'The content is not of the type that was told' },
      'attachment-too-large': { status: 413, message: 'Longer than an attachment may be' },
      'attachments-full': { status: 507, message: 'No room for another attachment until those waiting are sent' },
    })
    .input(z.strictObject({ ...named, offset: z.int().min(0), bytes: partBytes }))
    .output(z.strictObject({ offset: z.int().min(0) })),
  /** Makes it durable; only then may anything be said to the patient. Repeating it is harmless. */
  finish: oc
    .errors({
      'session-over': sessionOver,
      'attachment-empty': { status: 422, message: 'Nothing was appended' },
      'attachments-full': { status: 507, message: 'The disk takes no more' },
    })
    .input(z.strictObject(named))
    .output(z.strictObject({ byteLength: z.int().min(1) })),
}

/** `awaited` (待到): an event has told of it, and its bytes are still at the station, in whole or in part. */
export const attachmentStates = ['awaited', 'stored', 'lost'] as const
export type AttachmentState = (typeof attachmentStates)[number]

/** Attachments as staff read them. Every reading is audited. */
export const attachmentReadContract = {
  read: oc
    .route({
      method: 'GET',
      path: '/attachments/{attachmentId}',
      summary: 'An attachment with its bytes, or why they are not there',
      tags: ['attachment'],
    })
    .errors({ 'attachment-unknown': { status: 404, message: 'No such attachment' } })
    .input(z.strictObject({ attachmentId: id }))
    .output(
      z.strictObject({
        attachmentId: id,
        stationId: id,
        state: z.enum(attachmentStates),
        mediaType: z.enum(mediaTypes),
        byteLength: z.int().min(1),
        receivedBytes: z.int().min(0),
        madeAt: instantMs,
        /** Base64; null as long as it is not stored whole. */
        bytes: z.base64().nullable(),
      }),
    ),
}
