import { createHash } from 'node:crypto'
import type { AttachmentFacts, attachmentLost, attachmentReadContract } from '@yizhan/contracts/attachment'
import { beginsLike } from '@yizhan/rules/attachment/media-signature'
import type { z } from 'zod'
import { recordAudit, recordRead } from '../audit/audit.ts'
import type { CentreDb, TenantTx } from '../postgres/database.ts'
import type { ReportedEvent } from '../sync/reported-event.ts'
import { type FieldKeyRing, type FieldKeys, fieldKeysOf } from '../tenant/field-keys.ts'
import type { FieldPlace } from '../tenant/field-seal.ts'
import { type Caller, inScope, type Outcome, type TenantScope } from '../tenant/tenant-scope.ts'
import {
  bytesToldSince,
  countAwaitedBefore,
  deleteParts,
  insertAttachment,
  insertPart,
  lockAttachment,
  readParts,
  updateAttachment,
} from './attachment-store.ts'

interface AttachmentDeps {
  db: CentreDb
  keys: FieldKeyRing
}

/** From where a station goes on, and whether everything is here. */
interface Progress {
  offset: number
  stored: boolean
}

type ReadAttachment = z.infer<NonNullable<(typeof attachmentReadContract.read)['~orpc']['outputSchema']>>

const dayMs = 24 * 60 * 60_000
/** More than a station may keep waiting (320 MiB), so that one that comes back from a month offline is not refused for it. */
const mostBytesADay = 512 * 1024 * 1024
/** A station over its limit asks again at this pace. */
const overLimitWaitMs = 60 * 60_000

/** Takes in the event that tells of an attachment; until its bytes are here it is awaited (待到). */
export async function expectAttachment(scope: TenantScope, event: ReportedEvent<AttachmentFacts>): Promise<void> {
  const { attachmentId } = event.body
  await insertAttachment(scope, event.stationId, event.body)
  await recordAudit(scope, { action: 'attachment-made', objectKind: 'attachment', objectId: attachmentId })
}

/** Takes in that a station cannot read an attachment any more; one that is here already is not lost. */
export async function noteAttachmentLost(
  scope: TenantScope,
  event: ReportedEvent<z.infer<typeof attachmentLost>>,
): Promise<void> {
  const { attachmentId } = event.body
  const known = await lockAttachment(scope, attachmentId)
  if (known?.station_id !== event.stationId || known.state !== 'awaited') return
  await deleteParts(scope, attachmentId)
  await updateAttachment(scope, attachmentId, { state: 'lost', received_bytes: 0 })
  await recordAudit(scope, { action: 'attachment-lost', objectKind: 'attachment', objectId: attachmentId })
}

/** From where the bytes of an attachment go on. Told of it for the first time, the centre looks whether the station may send as much. */
export async function offsetOf(
  { db }: AttachmentDeps,
  caller: Caller,
  stationId: string,
  facts: AttachmentFacts,
): Promise<Outcome<Progress, 'attachments-over-limit'>> {
  return await inScope(db, caller, async (scope) => {
    await insertAttachment(scope, stationId, facts)
    const known = await lockAttachment(scope, facts.attachmentId)
    if (known === undefined || known.station_id !== stationId) throw new Error('an attachment of another station')
    const begun = known.received_bytes > 0 || known.state !== 'awaited'
    if (!begun && (await bytesToldSince(scope, stationId, scope.nowMs - dayMs)) > mostBytesADay) {
      return { ok: false, error: 'attachments-over-limit' }
    }
    return { ok: true, value: { offset: known.received_bytes, stored: known.state === 'stored' } }
  })
}

/** How long a station over its limit stays away. */
export const retryOverLimitMs = overLimitWaitMs

/**
 * Stores the next part, in one transaction with how far it has come. The last one makes it whole: then its digest and first bytes are
 * looked at, and if they are not what was told, everything is forgotten and asked for anew.
 */
export async function takePart(
  { db, keys }: AttachmentDeps,
  caller: Caller,
  stationId: string,
  part: { attachmentId: string; offset: number; bytes: Buffer },
): Promise<{ ok: true; value: Progress } | { ok: false; error: 'attachment-unknown' } | WrongOffset> {
  let wrong: WrongOffset | undefined
  const outcome = await inScope<Progress, 'attachment-unknown' | 'offset-wrong'>(db, caller, async (scope) => {
    const { attachmentId, offset, bytes } = part
    const known = await lockAttachment(scope, attachmentId)
    if (known === undefined || known.station_id !== stationId) return { ok: false, error: 'attachment-unknown' }
    if (known.state === 'stored') return { ok: true, value: { offset: known.byte_length, stored: true } }
    const received = known.received_bytes + bytes.byteLength
    if (offset !== known.received_bytes || received > known.byte_length) {
      wrong = { ok: false, error: 'offset-wrong', offset: known.received_bytes }
      return { ok: false, error: 'offset-wrong' }
    }
    const fields = await fieldKeysOf(keys, scope)
    const sealed = fields.sealBytes(placeOf(scope, attachmentId, offset), bytes)
    await insertPart(scope, attachmentId, { beginsAt: offset, sealed })
    if (received < known.byte_length) {
      await updateAttachment(scope, attachmentId, { received_bytes: received, state: 'awaited' })
      return { ok: true, value: { offset: received, stored: false } }
    }
    const whole = await openParts(scope, fields, attachmentId)
    if (!digestOf(known.salt, whole).equals(known.digest) || !beginsLike(known.media_type, whole)) {
      await deleteParts(scope, attachmentId)
      await updateAttachment(scope, attachmentId, { received_bytes: 0, state: 'awaited' })
      return { ok: true, value: { offset: 0, stored: false } }
    }
    await updateAttachment(scope, attachmentId, { received_bytes: received, state: 'stored' })
    await recordAudit(scope, { action: 'attachment-stored', objectKind: 'attachment', objectId: attachmentId })
    return { ok: true, value: { offset: received, stored: true } }
  })
  if (outcome.ok) return outcome
  return wrong ?? { ok: false, error: 'attachment-unknown' }
}

/** Attachments go up within minutes of the network's coming back; a station over its daily limit waits for a day. */
const overdueAfterMs = dayMs

/** By station, how many attachments should long be here and are not, and since when the oldest of them was told of. */
export async function overdueAttachments(
  tx: TenantTx,
  tenantId: string,
  nowMs: number,
): Promise<Map<string, { count: number; since: number }>> {
  return await countAwaitedBefore(tx, tenantId, nowMs - overdueAfterMs)
}

interface WrongOffset {
  ok: false
  error: 'offset-wrong'
  offset: number
}

/** An attachment for staff, its bytes when all are here. Every reading is written down. */
export async function readAttachment(
  { db, keys }: AttachmentDeps,
  caller: Caller,
  attachmentId: string,
): Promise<Outcome<ReadAttachment, 'attachment-unknown'>> {
  return await inScope(db, caller, async (scope) => {
    const known = await lockAttachment(scope, attachmentId)
    if (known === undefined) return { ok: false, error: 'attachment-unknown' }
    await recordRead(scope.tx, scope, { action: 'attachment-read', objectKind: 'attachment', objectId: attachmentId })
    const fields = await fieldKeysOf(keys, scope)
    const bytes = known.state === 'stored' ? await openParts(scope, fields, attachmentId) : null
    return {
      ok: true,
      value: {
        attachmentId,
        stationId: known.station_id,
        state: known.state,
        mediaType: known.media_type,
        byteLength: known.byte_length,
        receivedBytes: known.received_bytes,
        madeAt: known.made_at,
        bytes: bytes?.toString('base64') ?? null,
      },
    }
  })
}

async function openParts(scope: TenantScope, fields: FieldKeys, attachmentId: string): Promise<Buffer> {
  const parts = await readParts(scope, attachmentId)
  return Buffer.concat(
    parts.map(({ beginsAt, sealed }) => fields.openBytes(placeOf(scope, attachmentId, beginsAt), sealed)),
  )
}

function placeOf({ tenantId }: TenantScope, attachmentId: string, beginsAt: number): FieldPlace {
  return { tenantId, table: 'attachment_part', column: 'sealed', rowId: `${attachmentId}/${beginsAt}` }
}

function digestOf(salt: Buffer, content: Buffer): Buffer {
  return createHash('sha256').update(salt).update(content).digest()
}
