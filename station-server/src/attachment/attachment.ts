import { createHash, type Hash, randomBytes } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { attachmentFacts, type MediaType, mostAttachmentBytes } from '@yizhan/contracts/attachment'
import { beginsLike } from '@yizhan/rules/attachment/media-signature'
import type { Sql } from '../storage/sql.ts'
import type { StationDb } from '../storage/station-db.ts'
import { appendToOutbox } from '../sync/outbox.ts'
import { type AttachmentSeal, appendSealed, attachmentPath } from './attachment-file.ts'
import { insertAttachment, measureAttachments, readAttachment, readAttachmentIds } from './attachment-store.ts'

/** As much as may wait at a station: some forty voice notes of full length, a day's worth of a busy hall. */
export interface AttachmentQuota {
  bytes: number
  count: number
}
export const stationQuota: AttachmentQuota = { bytes: 320 * 1024 * 1024, count: 500 }

/** What keeping attachments needs. */
export interface AttachmentDeps {
  db: StationDb
  /** Its own, inside the data folder: a wipe takes it along. */
  folder: string
  databaseKey: Uint8Array
  quota: AttachmentQuota
  now: () => number
  isDiskTight: () => boolean
  isSessionOver: (sessionId: string) => boolean
  /** Told when one is finished: there is something to send. */
  onFinished: () => void
}

interface Unfinished {
  sessionId: string
  mediaType: MediaType
  seal: AttachmentSeal
  file: number
  parts: number
  offset: number
  hash: Hash
  /** Its row and event are on their way to the disk: from here on it is kept, whatever becomes of the session. */
  isFinishing: boolean
}

interface NamedAttachment {
  sessionId: string
  attachmentId: string
}

type Refused<Refusal extends string> = { ok: false; error: Refusal }
type Appended = { ok: true; offset: number }

/**
 * The attachments (附件) of the session at the screen: sealed part by part into a file while they are made, kept for the centre once
 * they are finished, thrown away when the session ends before that. What waits is never overwritten: without room, a new one is refused.
 */
export class Attachments {
  readonly #deps: AttachmentDeps
  readonly #unfinished = new Map<string, Unfinished>()

  constructor(deps: AttachmentDeps) {
    this.#deps = deps
    mkdirSync(deps.folder, { recursive: true, mode: 0o700 })
    // Sessions do not outlive the process: what none of them finished is nobody's.
    const kept = readAttachmentIds(deps.db.sql)
    for (const name of readdirSync(deps.folder)) {
      if (!kept.has(name.replace(/\.sealed$/, ''))) rmSync(join(deps.folder, name), { force: true })
    }
  }

  begin(
    asked: NamedAttachment & { mediaType: MediaType },
  ): Appended | Refused<'attachments-full' | 'attachment-finished'> {
    const { sessionId, attachmentId, mediaType } = asked
    this.sweep()
    const begun = this.#unfinished.get(attachmentId)
    if (begun?.sessionId === sessionId && begun.mediaType === mediaType) return { ok: true, offset: begun.offset }
    const { db, folder, databaseKey } = this.#deps
    if (begun !== undefined || readAttachment(db.sql, attachmentId) !== null) {
      return { ok: false, error: 'attachment-finished' }
    }
    if (!this.#hasRoomFor(0, 1)) return { ok: false, error: 'attachments-full' }
    const salt = randomBytes(16)
    const seal = { databaseKey, attachmentId, salt }
    const file = openSync(attachmentPath(folder, attachmentId), 'w', 0o600)
    const hash = createHash('sha256').update(salt)
    this.#unfinished.set(attachmentId, {
      sessionId,
      mediaType,
      seal,
      file,
      parts: 0,
      offset: 0,
      hash,
      isFinishing: false,
    })
    return { ok: true, offset: 0 }
  }

  append(
    asked: NamedAttachment & { offset: number },
    part: Uint8Array,
  ):
    | Appended
    | Refused<'session-over' | 'media-type-wrong' | 'attachment-too-large' | 'attachments-full'>
    | (Refused<'offset-wrong'> & { offset: number }) {
    const begun = this.#begunBy(asked)
    if (begun === null) return { ok: false, error: 'session-over' }
    if (asked.offset !== begun.offset) return { ok: false, error: 'offset-wrong', offset: begun.offset }
    if (begun.offset === 0 && !beginsLike(begun.mediaType, part)) return { ok: false, error: 'media-type-wrong' }
    if (begun.offset + part.byteLength > mostAttachmentBytes) return { ok: false, error: 'attachment-too-large' }
    if (!this.#hasRoomFor(part.byteLength, 0)) return { ok: false, error: 'attachments-full' }
    try {
      appendSealed(begun.file, begun.seal, begun.parts, part)
    } catch (error) {
      // Half a part may be on the disk: this one cannot go on.
      this.#throwAway(asked.attachmentId)
      if (isNoRoom(error)) return { ok: false, error: 'attachments-full' }
      throw error
    }
    begun.hash.update(part)
    begun.parts += 1
    begun.offset += part.byteLength
    return { ok: true, offset: begun.offset }
  }

  /** The bytes, the row and the event that tells of it are durable when it resolves. Throws StorageFullError on a full disk. */
  async finish(
    asked: NamedAttachment,
  ): Promise<{ ok: true; byteLength: number } | Refused<'session-over' | 'attachment-empty'>> {
    const { db, folder, now, onFinished } = this.#deps
    const { sessionId, attachmentId } = asked
    const kept = readAttachment(db.sql, attachmentId)
    if (kept?.sessionId === sessionId) return { ok: true, byteLength: kept.byteLength }
    const begun = this.#begunBy(asked)
    if (begun === null) return { ok: false, error: 'session-over' }
    if (begun.offset === 0) return { ok: false, error: 'attachment-empty' }
    fsyncSync(begun.file)
    syncFolder(folder)
    const madeAt = now()
    const facts = {
      attachmentId,
      mediaType: begun.mediaType,
      byteLength: begun.offset,
      salt: Buffer.from(begun.seal.salt).toString('base64'),
      digest: begun.hash.copy().digest('base64'),
      madeAt,
    }
    begun.isFinishing = true
    try {
      await db.transact((sql) => {
        if (readAttachment(sql, attachmentId) !== null) return
        insertAttachment(sql, { ...facts, sessionId })
        appendToOutbox(sql, { type: 'attachment-made', body: facts }, madeAt)
      })
    } finally {
      begun.isFinishing = false
    }
    if (this.#unfinished.delete(attachmentId)) closeSync(begun.file)
    onFinished()
    return { ok: true, byteLength: facts.byteLength }
  }

  /** Throws away what was not finished in sessions that are over. */
  sweep(): void {
    for (const [attachmentId, { sessionId, isFinishing }] of this.#unfinished) {
      if (!isFinishing && this.#deps.isSessionOver(sessionId)) this.#throwAway(attachmentId)
    }
  }

  /** Throws away everything unfinished: the station stops. */
  close(): void {
    for (const [attachmentId, { isFinishing }] of this.#unfinished) if (!isFinishing) this.#throwAway(attachmentId)
  }

  #begunBy({ sessionId, attachmentId }: NamedAttachment): Unfinished | null {
    this.sweep()
    const begun = this.#unfinished.get(attachmentId)
    return begun?.sessionId === sessionId ? begun : null
  }

  #throwAway(attachmentId: string): void {
    const begun = this.#unfinished.get(attachmentId)
    if (begun === undefined) return
    this.#unfinished.delete(attachmentId)
    closeSync(begun.file)
    rmSync(attachmentPath(this.#deps.folder, attachmentId), { force: true })
  }

  #hasRoomFor(bytes: number, more: number): boolean {
    const { db, quota, isDiskTight } = this.#deps
    if (isDiskTight()) return false
    const waiting = measureAttachments(db.sql)
    const unfinished = [...this.#unfinished.values()]
    const count = waiting.count + unfinished.length + more
    const total = waiting.bytes + unfinished.reduce((sum, { offset }) => sum + offset, 0) + bytes
    return count <= quota.count && total <= quota.bytes && existsSync(this.#deps.folder)
  }
}

/**
 * Keeps again, within the caller's transaction, every attachment that the outbox still tells of and of which the row is gone: a damaged
 * database leaves its bytes beside it, whole, and a centre that was put back may have forgotten it. One that the centre has is found to be
 * there, one without bytes is told to be lost.
 */
export function keepToldAttachments(sql: Sql): void {
  const told = sql.prepare<[], { body: string }>("SELECT body FROM bulk_outbox WHERE type = 'attachment-made'").all()
  for (const { body } of told) {
    const facts = attachmentFacts.parse(JSON.parse(body))
    // Its session ended with the process.
    if (readAttachment(sql, facts.attachmentId) === null) insertAttachment(sql, { ...facts, sessionId: '' })
  }
}

function isNoRoom(error: unknown): boolean {
  return error instanceof Error && 'code' in error && ['ENOSPC', 'EDQUOT', 'EIO'].includes(String(error.code))
}

function syncFolder(folder: string): void {
  const directory = openSync(folder, 'r')
  fsyncSync(directory)
  closeSync(directory)
}
