import { z } from 'zod'
import { id } from './id.ts'
import { feedChange, feedCursor } from './sync.ts'
import { instantMs } from './time.ts'

const base64 = z.string().regex(/^[A-Za-z0-9+/]+={0,2}$/)

/**
 * The whole feed of a hospital as one file (离线数据文件), for a hall whose network is gone for days: sealed, so that whoever finds
 * the stick reads nothing of any patient, and signed by the key that signs the hospital's booking QRs.
 */
export const feedFile = z.strictObject({
  format: z.literal('yizhan-feed-1'),
  tenantId: id,
  exportedAt: instantMs,
  keyId: z.string().max(8),
  /** 12 bytes, drawn for this file. */
  nonce: base64.max(16),
  /** AES-256-GCM over the gzipped JSON of the content, with the 16 bytes of its tag at the end. */
  sealed: base64.max(64 * 1024 * 1024),
  signature: base64.max(100),
})
export type FeedFile = z.infer<typeof feedFile>

/** What is sealed in the file: every row, and where the feed goes on after them. */
export const feedFileContent = z.strictObject({ changes: z.array(feedChange), cursor: feedCursor })
export type FeedFileContent = z.infer<typeof feedFileContent>

/** What the key of a feed file is derived for, from the key of the hospital's card hashes (HKDF-SHA-256, RFC 5869). */
export const feedFileKeyUse = 'yizhan feed-file 1'

/** What the signature of a feed file covers. No booking QR begins like it, so that neither can pass for the other. */
export function feedFileSignedText(file: Omit<FeedFile, 'format' | 'signature'>): string {
  return `${feedFileKeyUse}\n${file.tenantId}\n${file.exportedAt}\n${file.keyId}\n${file.nonce}\n${file.sealed}`
}
