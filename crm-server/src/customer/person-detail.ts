import type { CardIdentifier } from '@yizhan/contracts/card'
import type { DetailKind, NewDetail } from '@yizhan/contracts/customer-record'
import { isIdNumber } from '@yizhan/rules/patient/id-number'
import { normalIdNumber, normalPhone } from '@yizhan/rules/patient/normal-identity'
import type { Selectable } from 'kysely'
import type { FieldMask } from '../access/field-mask.ts'
import { hashCards } from '../appointment/card-hashing.ts'
import type { CentreTables } from '../postgres/tables.ts'
import { type FieldKeys, fieldKeysOf } from '../tenant/field-keys.ts'
import type { KeyRing } from '../tenant/key-ring.ts'
import { newId } from '../tenant/new-id.ts'
import type { TenantScope } from '../tenant/tenant-scope.ts'

/** A detail as the table holds it. */
export type StoredDetail = Selectable<CentreTables['person_detail']>

/** The keys of one hospital by which details are kept and found, for one transaction. */
export interface DetailKeys {
  fields: FieldKeys
  cardKey: Buffer
}

/** The hospital's keys for details, as they are in this transaction. */
export async function detailKeysOf(keys: KeyRing, scope: Pick<TenantScope, 'tx' | 'tenantId'>): Promise<DetailKeys> {
  return { fields: await fieldKeysOf(keys, scope), cardKey: await keys.cardKey(scope.tenantId) }
}

const documentKinds: readonly DetailKind[] = ['id-number', 'passport', 'other-document']

/** Whether a kind of detail is a document of identity. */
export function isDocument(kind: DetailKind): boolean {
  return documentKinds.includes(kind)
}

/** Whether an ID number has its right check digit; the other kinds carry none. */
export function isDetailPlausible({ kind, value }: NewDetail): boolean {
  return kind !== 'id-number' || isIdNumber(value)
}

/** What a detail is found again by; `normal` is in the one form of equal values. Postal addresses are not looked up. */
export function indexText(kind: DetailKind, value: string): string | null {
  switch (kind) {
    case 'phone':
      return `phone ${normalPhone(value)}`
    case 'id-number':
    case 'passport':
    case 'other-document':
      return `${kind} ${normalIdNumber(value)}`
    case 'email':
      return `email ${value.toLowerCase()}`
    case 'address':
    case 'health-card':
    case 'insurance-card':
    case 'card':
      return null
  }
}

/** The word for what indexes of details are made of. */
export const detailIndexField = 'person-detail'

/** Writes a detail: sealed and indexed; of a card its keyed hash only, as bookings have it. */
export async function keepDetail(
  scope: TenantScope,
  { fields, cardKey }: DetailKeys,
  personId: string,
  { kind, value, label }: NewDetail,
): Promise<string> {
  const detailId = newId(scope.nowMs)
  const card = cardOf(kind, value)
  const isCard = kind === 'health-card' || kind === 'insurance-card'
  const text = indexText(kind, value)
  await scope.tx
    .insertInto('person_detail')
    .values({
      tenant_id: scope.tenantId,
      detail_id: detailId,
      person_id: personId,
      kind,
      value_sealed: isCard ? null : fields.seal(detailPlace(scope.tenantId, detailId), value),
      blind_index: text === null ? null : fields.blindIndex(detailIndexField, text),
      card_hash: card === null ? null : (hashCards(cardKey, [card])[0] ?? null),
      last4: isCard ? value.slice(-4) : null,
      label,
      since: new Date(scope.nowMs),
      ended_at: null,
    })
    .execute()
  return detailId
}

/** By what readers at kiosks know a document or card; null for what no reader reads. */
function cardOf(kind: DetailKind, value: string): CardIdentifier | null {
  if (kind === 'id-number') return { kind: 'id-number', value }
  return kind === 'health-card' || kind === 'insurance-card' ? { kind: 'card-number', value } : null
}

/** The value of a detail; null for a card, of which there is none. */
export function openDetail(fields: FieldKeys, detail: StoredDetail): string | null {
  if (detail.value_sealed === null) return null
  return fields.open(detailPlace(detail.tenant_id, detail.detail_id), detail.value_sealed)
}

/** A detail as its reader may see it. */
export function showDetail(fields: FieldKeys, mask: FieldMask, detail: StoredDetail): string {
  const value = openDetail(fields, detail)
  if (value === null) return detail.last4 === null ? '····' : `····${detail.last4}`
  switch (detail.kind) {
    case 'address':
      return mask('address', value)
    case 'email':
      // As good as a phone, and masked with it: first letter and domain.
      return mask('phone', value) === value ? value : value.replace(/^(.).*@/, '$1***@')
    case 'phone':
      return mask('phone', value)
    default:
      return mask('id-number', value)
  }
}

function detailPlace(tenantId: string, detailId: string) {
  return { tenantId, table: 'person_detail', column: 'value_sealed', rowId: detailId }
}

/** What details are found by, of those that have it, by their ids: what their blind index is made of. */
export async function detailTexts(
  { tx, tenantId }: Pick<TenantScope, 'tx' | 'tenantId'>,
  fields: FieldKeys,
  detailIds: readonly string[],
): Promise<Map<string, string>> {
  if (detailIds.length === 0) return new Map()
  const rows = await tx
    .selectFrom('person_detail')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('detail_id', 'in', [...detailIds])
    .execute()
  return new Map(
    rows.flatMap((row) => {
      const value = openDetail(fields, row)
      const text = value === null ? null : indexText(row.kind, value)
      return text === null ? [] : [[row.detail_id, text] as const]
    }),
  )
}
