import type { AttachmentFacts, MediaType } from '@yizhan/contracts/attachment'
import type { Sql } from '../storage/sql.ts'

interface AttachmentRow {
  attachment_id: string
  session_id: string
  media_type: MediaType
  byte_length: number
  salt: Buffer
  digest: Buffer
  made_at: number
}

/** A finished attachment that waits, and the session it was made in. */
export interface WaitingAttachment extends AttachmentFacts {
  sessionId: string
}

/** Keeps a finished attachment, within the caller's transaction. */
export function insertAttachment(sql: Sql, attachment: WaitingAttachment): void {
  const { attachmentId, sessionId, mediaType, byteLength, salt, digest, madeAt } = attachment
  sql
    .prepare(
      `INSERT INTO attachment (attachment_id, session_id, media_type, byte_length, salt, digest, made_at)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      attachmentId,
      sessionId,
      mediaType,
      byteLength,
      Buffer.from(salt, 'base64'),
      Buffer.from(digest, 'base64'),
      madeAt,
    )
}

/** A finished attachment by its id; null when there is none, or the centre has it. */
export function readAttachment(sql: Sql, attachmentId: string): WaitingAttachment | null {
  const row = sql.prepare<[string], AttachmentRow>('SELECT * FROM attachment WHERE attachment_id = ?').get(attachmentId)
  return row === undefined ? null : attachmentOf(row)
}

/** The attachment that waits longest, besides some; null when none does. */
export function readOldestAttachment(sql: Sql, besides: ReadonlySet<string> = new Set()): WaitingAttachment | null {
  const row = sql
    .prepare<[string], AttachmentRow>(
      `SELECT * FROM attachment WHERE attachment_id NOT IN (SELECT value FROM json_each(?))
       ORDER BY made_at, attachment_id LIMIT 1`,
    )
    .get(JSON.stringify([...besides]))
  return row === undefined ? null : attachmentOf(row)
}

/** The ids of all that wait. */
export function readAttachmentIds(sql: Sql): Set<string> {
  const rows = sql.prepare<[], { attachment_id: string }>('SELECT attachment_id FROM attachment').all()
  return new Set(rows.map((row) => row.attachment_id))
}

/** How many wait and how many bytes they have. */
export function measureAttachments(sql: Sql): { count: number; bytes: number } {
  const row = sql
    .prepare<[], { count: number; bytes: number | null }>(
      'SELECT count(*) AS count, sum(byte_length) AS bytes FROM attachment',
    )
    .get()
  return { count: row?.count ?? 0, bytes: row?.bytes ?? 0 }
}

/** Forgets one: the centre holds it, or it cannot be read any more. */
export function deleteAttachment(sql: Sql, attachmentId: string): void {
  sql.prepare('DELETE FROM attachment WHERE attachment_id = ?').run(attachmentId)
}

function attachmentOf(row: AttachmentRow): WaitingAttachment {
  return {
    attachmentId: row.attachment_id,
    sessionId: row.session_id,
    mediaType: row.media_type,
    byteLength: row.byte_length,
    salt: row.salt.toString('base64'),
    digest: row.digest.toString('base64'),
    madeAt: row.made_at,
  }
}
