import { feedKinds } from '@yizhan/contracts/sync'
import { hospitalDay, instantMs } from '@yizhan/contracts/time'
import { z } from 'zod'

const transactionId = z.string().regex(/^\d{1,20}$/)

/** Where the changes of the feed go on: after one change of one transaction. */
const changePlace = z.strictObject({ xid: transactionId, changeId: z.guid() })

/**
 * Where a station stands in its feed. `snapshot`: within the first full picture, after a row. `new-day`: within the
 * bookings that a new day brings in and takes out, after a booking. `changes`: everything up to a place is there.
 */
const feedPlace = z.discriminatedUnion('phase', [
  z.strictObject({
    phase: z.literal('snapshot'),
    after: z.strictObject({ kind: z.enum(feedKinds), key: z.guid() }).nullable(),
  }),
  z.strictObject({ phase: z.literal('new-day'), fromDay: hospitalDay, afterBooking: z.guid() }),
  z.strictObject({ phase: z.literal('changes') }),
])

const cursorBody = z.strictObject({
  /** Which history of the centre this belongs to; another one after a restore that was noticed. */
  history: z.string().max(80),
  /** The hospital's day whose window (it and the next) the station holds or is being given. */
  day: hospitalDay,
  changes: changePlace,
  place: feedPlace,
  issuedAt: instantMs,
})
export type FeedCursorBody = z.infer<typeof cursorBody>
export type ChangePlace = z.infer<typeof changePlace>

/** The smallest change id: a place before every change of a transaction. */
export const beforeAllChanges = '00000000-0000-0000-0000-000000000000'

/** A cursor as it travels: opaque to the station. */
export function writeFeedCursor(body: FeedCursorBody): string {
  const { history, day, changes, place, issuedAt } = body
  return Buffer.from(JSON.stringify({ history, day, changes, place, issuedAt })).toString('base64url')
}

/** Reads a cursor of ours; null for anything else. */
export function readFeedCursor(text: string): FeedCursorBody | null {
  try {
    return cursorBody.safeParse(JSON.parse(Buffer.from(text, 'base64url').toString())).data ?? null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}
