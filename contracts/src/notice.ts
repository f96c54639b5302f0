import { oc } from '@orpc/contract'
import { z } from 'zod'
import { roles } from './access.ts'
import { id, operationId } from './id.ts'
import { localText } from './local-text.ts'
import { instantMs } from './time.ts'
import { writtenTitle } from './todo.ts'

/** What a notice (通知公告) says: in somebody's words, or something the centre noticed, which the page puts into words. */
export const noticeSubject = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('written'), title: writtenTitle, body: z.string().min(1).max(5000) }),
  z.strictObject({
    kind: z.literal('station-alarm'),
    stationId: id,
    stationName: localText,
    alarm: z.enum(['storage-rebuilt', 'outbox-rewound']),
  }),
])
export type NoticeSubject = z.infer<typeof noticeSubject>

/** Whom a notice is for; the three add up. `everyone` makes it a bulletin (公告). */
export const noticeTargets = z.strictObject({
  everyone: z.boolean(),
  roles: z.array(z.enum(roles)).max(roles.length),
  departmentIds: z.array(id).max(200),
  userIds: z.array(z.string().min(1).max(64)).max(500),
})
export type NoticeTargets = z.infer<typeof noticeTargets>

/** One notice as its reader sees it. */
export const noticeRow = z.strictObject({
  noticeId: id,
  subject: noticeSubject,
  /** Empty when the centre published it by itself. */
  byName: z.string(),
  publishedFrom: instantMs,
  publishedUntil: instantMs.nullable(),
  /** Whether each reader must say that they have taken note (须确认). */
  mustAcknowledge: z.boolean(),
  readAt: instantMs.nullable(),
  acknowledgedAt: instantMs.nullable(),
})
export type NoticeRow = z.infer<typeof noticeRow>

/** One notice as those who publish see it. */
export const publishedNotice = z.strictObject({
  ...noticeRow.omit({ readAt: true, acknowledgedAt: true }).shape,
  targets: noticeTargets,
  withdrawnAt: instantMs.nullable(),
  /** People who are to read it, have read it, have acknowledged it. */
  addressed: z.int(),
  read: z.int(),
  acknowledged: z.int(),
})
export type PublishedNotice = z.infer<typeof publishedNotice>

/** One person's receipt (已读回执). */
export const noticeReceipt = z.strictObject({
  userId: z.string(),
  name: z.string(),
  readAt: instantMs.nullable(),
  acknowledgedAt: instantMs.nullable(),
})
export type NoticeReceipt = z.infer<typeof noticeReceipt>

const noticeUnknown = { 'notice-unknown': { status: 404, message: 'No such notice' } } as const

/** Notices to staff and bulletins. */
export const noticeContract = {
  /** What is published to the caller now, unread ones first. */
  inbox: oc.output(z.strictObject({ notices: z.array(noticeRow), asOf: instantMs })),
  counts: oc.output(z.strictObject({ unread: z.int(), toAcknowledge: z.int() })),
  read: oc
    .errors(noticeUnknown)
    .input(z.strictObject({ operationId, noticeId: id, acknowledge: z.boolean() }))
    .output(z.strictObject({ readAt: instantMs, acknowledgedAt: instantMs.nullable() })),
  published: oc.output(z.strictObject({ notices: z.array(publishedNotice), asOf: instantMs })),
  publish: oc
    .errors({
      'target-missing': { status: 422, message: 'Nobody is addressed' },
      'target-unknown': { status: 404, message: 'A person or department that this hospital does not have' },
      'span-invalid': { status: 422, message: 'A notice must end after it begins' },
    })
    .input(
      z.strictObject({
        operationId,
        title: writtenTitle,
        body: z.string().min(1).max(5000),
        targets: noticeTargets,
        publishedFrom: instantMs.nullable(),
        publishedUntil: instantMs.nullable(),
        mustAcknowledge: z.boolean(),
      }),
    )
    .output(z.strictObject({ noticeId: id })),
  withdraw: oc
    .errors(noticeUnknown)
    .input(z.strictObject({ operationId, noticeId: id }))
    .output(z.strictObject({ withdrawnAt: instantMs })),
  /** Who has read it and who has not. */
  receipts: oc
    .errors(noticeUnknown)
    .input(z.strictObject({ noticeId: id }))
    .output(z.strictObject({ receipts: z.array(noticeReceipt) })),
}
