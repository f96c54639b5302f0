import { rmSync } from 'node:fs'
import { isDefinedError, safe } from '@orpc/client'
import type { StationLog } from '../station/station-log.ts'
import type { WorkDone } from '../station/station-loop.ts'
import type { StationDb } from '../storage/station-db.ts'
import type { CentreClient } from '../sync/centre-client.ts'
import { appendToOutbox, measureOutbox } from '../sync/outbox.ts'
import { AttachmentDamaged, attachmentPath, readSealedFrom } from './attachment-file.ts'
import { deleteAttachment, readOldestAttachment, type WaitingAttachment } from './attachment-store.ts'

/** What sending attachments needs. */
export interface AttachmentUploadDeps {
  db: StationDb
  centre: Pick<CentreClient, 'attachment'>
  attachmentFolder: string
  databaseKey: Uint8Array
  now: () => number
  log: StationLog
  /** True when the disk has little room: then the database alone may write. */
  isDiskTight: () => boolean
  /** Those that failed since all were last tried: one that the centre cannot take must not hold the others up. */
  putOff: Set<string>
}

/** Events go first: looked at again when they should be gone. */
const behindEventsMs = 1000

/**
 * Sends the next part of the attachment that waits longest, from where the centre says; never before an event, and not while the disk is
 * tight. One that the centre holds whole is forgotten here at once, bytes and all.
 */
export async function sendAttachmentPart(deps: AttachmentUploadDeps): Promise<WorkDone> {
  const { db, putOff } = deps
  const waiting = readOldestAttachment(db.sql, putOff) ?? readOldestAttachment(db.sql)
  if (waiting === null || deps.isDiskTight()) return 'done'
  if (measureOutbox(db.sql).depth > 0) return { waitMs: behindEventsMs }
  // All have had their turn: it begins anew.
  if (putOff.has(waiting.attachmentId)) putOff.clear()
  try {
    return await sendAttachment(deps, waiting)
  } catch (error) {
    putOff.add(waiting.attachmentId)
    throw error
  }
}

async function sendAttachment(deps: AttachmentUploadDeps, waiting: WaitingAttachment): Promise<WorkDone> {
  const { db, centre } = deps
  const { sessionId: _session, ...facts } = waiting
  const { error, data } = await safe(centre.attachment.offset(facts))
  if (error !== null) {
    if (isDefinedError(error) && error.code === 'attachments-over-limit') return { waitMs: error.data.retryAfterMs }
    throw error
  }
  let at = data
  while (!at.stored) {
    // A check-in that was made meanwhile goes before the next part.
    if (measureOutbox(db.sql).depth > 0 || deps.isDiskTight()) return { waitMs: behindEventsMs }
    const part = partAt(deps, waiting, at.offset)
    if (part === null) return await giveUp(deps, waiting)
    const { offset } = at
    at = await centre.attachment.part({ attachmentId: waiting.attachmentId, offset, bytes: part.toString('base64') })
    if (at.offset < offset) throw new Error('the centre could not put an attachment together and wants it anew')
  }
  await forget(deps, waiting, () => undefined)
  return 'more'
}

/** The next bytes; null when they cannot be read any more. */
function partAt(deps: AttachmentUploadDeps, waiting: WaitingAttachment, offset: number): Buffer | null {
  const { attachmentId, salt } = waiting
  const seal = { databaseKey: deps.databaseKey, attachmentId, salt: Buffer.from(salt, 'base64') }
  try {
    const part = readSealedFrom(attachmentPath(deps.attachmentFolder, attachmentId), seal, offset)
    return part.byteLength === 0 ? null : part
  } catch (error) {
    if (error instanceof AttachmentDamaged) return null
    throw error
  }
}

/** Its bytes are lost: staff learn it, and the others go on. */
async function giveUp(deps: AttachmentUploadDeps, waiting: WaitingAttachment): Promise<WorkDone> {
  const { log, now } = deps
  const { attachmentId } = waiting
  log.error({ attachmentId }, 'an attachment was damaged on the disk and cannot be sent')
  await forget(deps, waiting, (sql) => {
    appendToOutbox(sql, { type: 'attachment-lost', body: { attachmentId, at: now() } }, now())
  })
  return 'more'
}

async function forget(
  { db, attachmentFolder }: AttachmentUploadDeps,
  { attachmentId }: WaitingAttachment,
  also: (sql: StationDb['sql']) => void,
): Promise<void> {
  // The bytes first: without its row a file would only be found by the next start.
  rmSync(attachmentPath(attachmentFolder, attachmentId), { force: true })
  await db.transact((sql) => {
    deleteAttachment(sql, attachmentId)
    also(sql)
  })
}
