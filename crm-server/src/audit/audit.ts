import { createHash } from 'node:crypto'
import { momentOf, type TenantTx } from '../postgres/database.ts'
import { newId } from '../tenant/new-id.ts'
import type { Caller, TenantScope } from '../tenant/tenant-scope.ts'

/** Who did something: a member of staff, a station, or the centre itself. */
export interface Actor {
  kind: 'user' | 'station' | 'system'
  id: string
  /** The request that it was done in; the same id stands in the log. */
  requestId: string
  /** The roles that a person's right to do it comes from. */
  roles?: readonly string[] | undefined
  /** When it happened by a station's own clock. */
  stationAt?: number | undefined
}

/** What was done to what; ids only, never a name or a number of a patient. */
export interface AuditedWrite {
  action: string
  objectKind: string
  objectId: string
  /** Why, in the words of whoever did it. */
  reason?: string | undefined
  /** The object before and after, of which only digests are kept: they prove what it was to whoever still has it. */
  before?: object | undefined
  after?: object | undefined
}

/** What was shown of patients: one record, or a list. */
export interface AuditedRead {
  action: string
  objectKind: string
  /** The record that was shown; of a list what was asked for, such as its day. */
  objectId: string
  /** The ids of the records that a list showed. */
  shown?: readonly string[] | undefined
}

/** Whoever reads: a caller, or the bare id of a hospital for the centre's own work, which shows nobody anything. */
export type Reader = string | Caller

/** Enough for the largest page a person looks at; how many there were is kept beside it. */
const mostShownIds = 1000
/** A page left open asks again at every ring of the doorbell: within this time only records not yet shown leave another row. */
const sameLookMs = 10 * 60_000

/** Writes the audit row of a write, in the same transaction as the write itself. */
export async function recordAudit(scope: TenantScope, write: AuditedWrite): Promise<void> {
  const { action, objectKind, objectId, reason, before, after } = write
  await insert(scope, {
    verb: 'write',
    action,
    object_kind: objectKind,
    object_id: objectId,
    reason: reason ?? null,
    before_hash: before === undefined ? null : digestOf(before),
    after_hash: after === undefined ? null : digestOf(after),
  })
}

/**
 * Writes the audit row of a read, in the transaction that reads: everything that shows a patient's record leaves one. A list that the same
 * person looks at again within ten minutes leaves another only for records that it had not shown.
 */
export async function recordRead(tx: TenantTx, reader: Reader, read: AuditedRead): Promise<void> {
  if (typeof reader === 'string') return
  const { action, objectKind, objectId, shown } = read
  const row = { verb: 'read' as const, action, object_kind: objectKind, object_id: objectId }
  if (shown === undefined) return await insert({ ...reader, tx }, row)
  const before = await shownBefore(tx, reader, read)
  const fresh = before === null ? [...shown] : shown.filter((id) => !before.has(id))
  if (before !== null && fresh.length === 0) return
  await insert({ ...reader, tx }, { ...row, shown_ids: fresh.slice(0, mostShownIds), shown_count: fresh.length })
}

/** What the same person was shown of the same list a moment ago; null when they have not looked. */
async function shownBefore(tx: TenantTx, { tenantId, actor, nowMs }: Caller, { action, objectId }: AuditedRead) {
  const rows = await tx
    .selectFrom('audit')
    .select('shown_ids')
    .where('tenant_id', '=', tenantId)
    .where('actor_id', '=', actor.id)
    .where('action', '=', action)
    .where('object_id', '=', objectId)
    .where('at', '>', momentOf(nowMs - sameLookMs))
    .where('at', '<=', momentOf(nowMs))
    .execute()
  return rows.length === 0 ? null : new Set(rows.flatMap((row) => row.shown_ids ?? []))
}

type Told = Pick<Parameters<typeof valuesOf>[1], 'action' | 'object_kind' | 'object_id' | 'verb'> &
  Partial<Parameters<typeof valuesOf>[1]>

async function insert(scope: Caller & { tx: TenantTx }, told: Told): Promise<void> {
  await scope.tx
    .insertInto('audit')
    .values(valuesOf(scope, { ...nothingTold, ...told }))
    .execute()
}

const nothingTold = { reason: null, before_hash: null, after_hash: null, shown_ids: null, shown_count: null }

function valuesOf(
  { tenantId, actor, nowMs }: Caller,
  told: {
    verb: 'read' | 'write'
    action: string
    object_kind: string
    object_id: string
    reason: string | null
    before_hash: Buffer | null
    after_hash: Buffer | null
    shown_ids: string[] | null
    shown_count: number | null
  },
) {
  return {
    ...told,
    tenant_id: tenantId,
    audit_id: newId(nowMs),
    at: new Date(nowMs),
    actor_kind: actor.kind,
    actor_id: actor.id,
    request_id: actor.requestId,
    roles: actor.roles === undefined ? null : [...actor.roles],
    station_id: actor.kind === 'station' ? actor.id : null,
    station_at: actor.stationAt === undefined ? null : new Date(actor.stationAt),
  }
}

/** The digest of an object: SHA-256 of its fields in the order of their names, bytes as hex. */
function digestOf(object: object): Buffer {
  const fields = Object.entries(object).sort(([one], [other]) => (one < other ? -1 : 1))
  const texts = fields.map(([name, value]) => [name, Buffer.isBuffer(value) ? value.toString('hex') : value])
  return createHash('sha256').update(JSON.stringify(texts)).digest()
}
