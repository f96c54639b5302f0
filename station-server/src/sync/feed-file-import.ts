import { createDecipheriv, createPublicKey, hkdfSync, verify } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import {
  type FeedFile,
  type FeedFileContent,
  feedFile,
  feedFileContent,
  feedFileKeyUse,
  feedFileSignedText,
} from '@yizhan/contracts/feed-file'
import { readQrKeys } from '../appointment/kept-bookings.ts'
import { readMeta, writeMeta } from '../storage/meta.ts'
import type { Sql } from '../storage/sql.ts'
import type { StationDb } from '../storage/station-db.ts'
import { readHospital } from '../tenant/kept-hospital.ts'
import { generationOf } from './feed.ts'
import { applyFeedChange, dropOlderGenerations } from './feed-changes.ts'

/** Why a feed file was not taken; nothing of it was. */
export type FeedFileRefusal =
  | 'feed-file-unreadable'
  | 'station-never-greeted'
  | 'feed-file-of-another-hospital'
  | 'feed-file-forged'
  | 'feed-file-older'

/** What became of a feed file. */
export type FeedFileOutcome =
  | { ok: true; rows: number; skipped: number; exportedAt: number }
  | { ok: false; error: FeedFileRefusal }

/** The largest content that is unpacked: a hundred times the bookings of a large hospital's two days. */
const mostContentBytes = 512 * 1024 * 1024

/**
 * Takes the whole feed from a file, in one transaction: what it does not name is dropped, and the feed goes on from its place
 * once the centre is back. Only a file of this hospital, signed by a key that the centre has named, and not older than what the
 * centre has said here since (to within the ten minutes in which its time is kept) is taken.
 */
export async function importFeedFile(db: StationDb, text: string, now: () => number): Promise<FeedFileOutcome> {
  const file = readFile(text)
  if (file === null) return { ok: false, error: 'feed-file-unreadable' }
  const refusal = refusalOf(db.sql, file)
  if (refusal !== null) return { ok: false, error: refusal }
  const content = openContent(file, Buffer.from(readMeta(db.sql, 'card-key') ?? '', 'base64'))
  if (content === null) return { ok: false, error: 'feed-file-forged' }
  const skipped = await db.transact((sql) => applyWhole(sql, content, file.exportedAt, now()))
  return { ok: true, rows: content.changes.length - skipped, skipped, exportedAt: file.exportedAt }
}

function refusalOf(sql: Sql, file: FeedFile): FeedFileRefusal | null {
  const key = readQrKeys(sql).find(({ keyId }) => keyId === file.keyId)
  const hospital = readHospital(sql)
  if (readMeta(sql, 'card-key') === null || hospital === null) return 'station-never-greeted'
  if (hospital.tenantId !== file.tenantId) return 'feed-file-of-another-hospital'
  if (key === undefined || !isSignedBy(file, key.publicKey)) return 'feed-file-forged'
  return file.exportedAt < Number(readMeta(sql, 'centre-now') ?? 0) ? 'feed-file-older' : null
}

function isSignedBy(file: FeedFile, publicKey: string): boolean {
  const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' })
  return verify(null, Buffer.from(feedFileSignedText(file)), key, Buffer.from(file.signature, 'base64'))
}

function applyWhole(sql: Sql, { changes, cursor }: FeedFileContent, exportedAt: number, now: number): number {
  const generation = generationOf(sql, true)
  const skipped = changes.filter((change) => !applyFeedChange(sql, change, generation)).length
  dropOlderGenerations(sql, generation)
  writeMeta(sql, 'feed-cursor', cursor)
  writeMeta(sql, 'feed-as-of', String(now))
  // The file proves that this moment has passed: what it brought is purged on time, though the centre was not heard.
  writeMeta(sql, 'centre-now', String(exportedAt))
  return skipped
}

function readFile(text: string): FeedFile | null {
  return feedFile.safeParse(jsonOf(text)).data ?? null
}

/** The content, once the signature was found good; null when it was sealed by another key. */
function openContent({ nonce, sealed }: FeedFile, cardKey: Buffer): FeedFileContent | null {
  const bytes = Buffer.from(sealed, 'base64')
  const key = Buffer.from(hkdfSync('sha256', cardKey, Buffer.alloc(0), feedFileKeyUse, 32))
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'base64'), { authTagLength: 16 })
  decipher.setAuthTag(bytes.subarray(-16))
  const packed = decipher.update(bytes.subarray(0, -16))
  try {
    decipher.final()
  } catch (error) {
    // The only way in which Node tells that the tag does not fit.
    if (error instanceof Error && error.message.startsWith('Unsupported state')) return null
    throw error
  }
  return feedFileContent.parse(jsonOf(gunzipSync(packed, { maxOutputLength: mostContentBytes }).toString()))
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}
