import type { AttachmentFacts, AttachmentState } from '@yizhan/contracts/attachment'
import { momentOf, type TenantTx } from '../postgres/database.ts'
import type { TenantScope } from '../tenant/tenant-scope.ts'

/** Notes that a station has an attachment; false when it is known already. */
export async function insertAttachment(
  scope: TenantScope,
  stationId: string,
  facts: AttachmentFacts,
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await scope.tx
    .insertInto('attachment')
    .values({
      tenant_id: scope.tenantId,
      attachment_id: facts.attachmentId,
      station_id: stationId,
      media_type: facts.mediaType,
      byte_length: facts.byteLength,
      salt: Buffer.from(facts.salt, 'base64'),
      digest: Buffer.from(facts.digest, 'base64'),
      made_at: new Date(facts.madeAt),
      heard_at: new Date(scope.nowMs),
      state: 'awaited',
    })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'attachment_id']).doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

/** One attachment, held for this transaction; undefined when the centre never heard of it. */
export async function lockAttachment(scope: TenantScope, attachmentId: string) {
  return await scope.tx
    .selectFrom('attachment')
    .selectAll()
    .where('tenant_id', '=', scope.tenantId)
    .where('attachment_id', '=', attachmentId)
    .forUpdate()
    .executeTakeFirst()
}

/** How many bytes of attachments a station has told of since a moment. */
export async function bytesToldSince(scope: TenantScope, stationId: string, sinceMs: number): Promise<number> {
  const row = await scope.tx
    .selectFrom('attachment')
    .select(({ fn }) => fn.sum<string | null>('byte_length').as('bytes'))
    .where('tenant_id', '=', scope.tenantId)
    .where('station_id', '=', stationId)
    .where('heard_at', '>', momentOf(sinceMs))
    .executeTakeFirstOrThrow()
  return Number(row.bytes ?? 0)
}

/** By station, how many attachments were told of before a moment and are awaited still, and since when the oldest is. */
export async function countAwaitedBefore(
  tx: TenantTx,
  tenantId: string,
  beforeMs: number,
): Promise<Map<string, { count: number; since: number }>> {
  const counted = await tx
    .selectFrom('attachment')
    .select(({ fn }) => ['station_id', fn.countAll<number>().as('count'), fn.min('heard_at').as('since')])
    .where('tenant_id', '=', tenantId)
    .where('state', '=', 'awaited')
    .where('heard_at', '<', momentOf(beforeMs))
    .groupBy('station_id')
    .execute()
  return new Map(counted.map(({ station_id, count, since }) => [station_id, { count, since }]))
}

/** Says how far an attachment has come. */
export async function updateAttachment(
  scope: TenantScope,
  attachmentId: string,
  progress: { received_bytes?: number; state?: AttachmentState },
): Promise<void> {
  await scope.tx
    .updateTable('attachment')
    .set(progress)
    .where('tenant_id', '=', scope.tenantId)
    .where('attachment_id', '=', attachmentId)
    .execute()
}

/** Keeps a sealed part. */
export async function insertPart(
  scope: TenantScope,
  attachmentId: string,
  part: { beginsAt: number; sealed: Buffer },
): Promise<void> {
  await scope.tx
    .insertInto('attachment_part')
    .values({
      tenant_id: scope.tenantId,
      attachment_id: attachmentId,
      begins_at: part.beginsAt,
      sealed: part.sealed,
    })
    .execute()
}

/** The sealed parts in their order. */
export async function readParts(scope: TenantScope, attachmentId: string) {
  return await scope.tx
    .selectFrom('attachment_part')
    .select(['begins_at as beginsAt', 'sealed'])
    .where('tenant_id', '=', scope.tenantId)
    .where('attachment_id', '=', attachmentId)
    .orderBy('begins_at')
    .execute()
}

/** Forgets the parts: what they make together is not what was told. */
export async function deleteParts(scope: TenantScope, attachmentId: string): Promise<void> {
  await scope.tx
    .deleteFrom('attachment_part')
    .where('tenant_id', '=', scope.tenantId)
    .where('attachment_id', '=', attachmentId)
    .execute()
}
