import { createCipheriv, hkdfSync, randomBytes, sign } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { type FeedFile, type FeedFileContent, feedFileKeyUse, feedFileSignedText } from '@yizhan/contracts/feed-file'
import { recordRead } from '../audit/audit.ts'
import type { CentreDb } from '../postgres/database.ts'
import type { KeyRing } from '../tenant/key-ring.ts'
import { type Caller, inScope } from '../tenant/tenant-scope.ts'
import { pullStationFeed } from './station-feed.ts'

/** Rows per page of the snapshot: as many as a station asks for. */
const pageSize = 500

/** Everything that a station of the caller's hospital keeps, as one sealed and signed file; who took it is in the audit trail. */
export async function exportFeedFile(deps: { db: CentreDb; keys: KeyRing }, caller: Caller): Promise<FeedFile> {
  const { tenantId, nowMs: exportedAt } = caller
  const content = await wholeFeed(deps.db, caller)
  const { nonce, sealed } = await sealContent(content, await deps.keys.cardKey(tenantId))
  const { keyId, privateKey } = await deps.keys.qrKey(tenantId)
  const file = { tenantId, exportedAt, keyId, nonce, sealed }
  await inScope(deps.db, caller, async (scope) => {
    const shown = content.changes.flatMap(({ kind, key }) => (kind === 'booking' ? [key] : []))
    await recordRead(scope.tx, scope, { action: 'feed-exported', objectKind: 'hospital', objectId: tenantId, shown })
    return { ok: true, value: null }
  })
  const signature = sign(null, Buffer.from(feedFileSignedText(file)), privateKey).toString('base64')
  return { format: 'yizhan-feed-1', ...file, signature }
}

/** A snapshot and what changed while it was read, page by page, as a station would pull it. */
async function wholeFeed(db: CentreDb, { tenantId, nowMs }: Caller): Promise<FeedFileContent> {
  const changes: FeedFileContent['changes'] = []
  let cursor: string | null = null
  for (;;) {
    const page = await pullStationFeed(db, tenantId, { cursor, max: pageSize }, nowMs)
    if (!page.ok) throw new Error('a place in the feed that was just given is gone')
    changes.push(...page.value.changes)
    if (!page.value.more) return { changes, cursor: page.value.cursor }
    cursor = page.value.cursor
  }
}

async function sealContent(content: FeedFileContent, cardKey: Buffer): Promise<{ nonce: string; sealed: string }> {
  const key = Buffer.from(hkdfSync('sha256', cardKey, Buffer.alloc(0), feedFileKeyUse, 32))
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  const plain = await promisify(gzip)(JSON.stringify(content))
  const sealed = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()])
  return { nonce: nonce.toString('base64'), sealed: sealed.toString('base64') }
}
