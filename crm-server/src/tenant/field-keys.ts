import { randomBytes } from 'node:crypto'
import type { TenantTx } from '../postgres/database.ts'
import { blindIndex, type FieldPlace, type NumberedKey, openBytes, sealBytes } from './field-seal.ts'
import type { KeyRing } from './key-ring.ts'
import {
  insertTenantKey,
  type KeyPurpose,
  readTenantKeys,
  shareTenantKeys,
  type WrappedKey,
} from './tenant-key-store.ts'

/** The secrets that a hospital's keys hang on. */
export type FieldKeyRing = Pick<KeyRing, 'fieldKey' | 'blindIndexKey' | 'wrappingKey'>

/** The keys of one hospital as they are during one transaction: seals with the newest, opens with any. */
export interface FieldKeys {
  seal(place: FieldPlace, text: string): Buffer
  sealBytes(place: FieldPlace, bytes: Uint8Array): Buffer
  /** The sealed text; throws `SealBroken` when it was changed or comes from another place. */
  open(place: FieldPlace, sealed: Buffer): string
  openBytes(place: FieldPlace, sealed: Buffer): Buffer
  /** What is written beside a value so that it is found again; the value is in its normal form. */
  blindIndex(field: string, value: string): Buffer
  /** Everything under which a value may be found, the newest first: two while the index's key is changed. */
  blindIndexes(field: string, value: string): Buffer[]
  /** The key that seals now, and the one that indexes now. */
  newest: Record<KeyPurpose, number>
}

/** Where the keys are read. */
interface KeyReader {
  tx: TenantTx
  tenantId: string
}

/**
 * The keys of a hospital (医院数据密钥), for this transaction only: they are read anew each time, and until the transaction ends no key
 * is changed under it. A hospital without keys is given its first ones.
 */
export async function fieldKeysOf(ring: FieldKeyRing, { tx, tenantId }: KeyReader): Promise<FieldKeys> {
  await shareTenantKeys(tx, tenantId)
  let held = await readTenantKeys(tx, tenantId)
  const missing = keyPurposes.filter((purpose) => !held.some((key) => key.purpose === purpose && key.wrapped !== null))
  for (const purpose of missing) await addTenantKey(ring, { tx, tenantId }, { purpose, keyId: 1 })
  if (missing.length > 0) held = await readTenantKeys(tx, tenantId)
  const seals = opened(ring, tenantId, held, 'field')
  const indexes = opened(ring, tenantId, held, 'index')
  const [sealing] = seals
  const [indexing] = indexes
  if (sealing === undefined || indexing === undefined) throw new Error('a hospital has no keys')
  const keyOf = (keyId: number) => seals.find((key) => key.keyId === keyId)?.key
  const indexBy = (by: NumberedKey, field: string, value: string) => numberedIndex(by, tenantId, field, value)
  return {
    seal: (place, text) => sealBytes(sealing, place, Buffer.from(text, 'utf8')),
    sealBytes: (place, bytes) => sealBytes(sealing, place, bytes),
    open: (place, sealed) => openBytes(keyOf, place, sealed).toString('utf8'),
    openBytes: (place, sealed) => openBytes(keyOf, place, sealed),
    blindIndex: (field, value) => indexBy(indexing, field, value),
    blindIndexes: (field, value) => indexes.map((key) => indexBy(key, field, value)),
    newest: { field: sealing.keyId, index: indexing.keyId },
  }
}

const keyPurposes: readonly KeyPurpose[] = ['field', 'index']

/** Draws a key and writes it down, wrapped; nothing happens when there is one under this number. */
export async function addTenantKey(
  ring: FieldKeyRing,
  { tx, tenantId }: KeyReader,
  { purpose, keyId }: { purpose: KeyPurpose; keyId: number },
): Promise<void> {
  const wrapped = sealBytes({ keyId: 1, key: ring.wrappingKey }, keyPlace(tenantId, purpose, keyId), randomBytes(32))
  await insertTenantKey(tx, { tenant_id: tenantId, purpose, key_id: keyId, wrapped })
}

/** The keys of a purpose, the newest first. */
function opened(ring: FieldKeyRing, tenantId: string, held: readonly WrappedKey[], purpose: KeyPurpose): NumberedKey[] {
  const unnumbered = purpose === 'field' ? ring.fieldKey : ring.blindIndexKey
  return held
    .filter((key) => key.purpose === purpose)
    .map(({ keyId, wrapped }) => ({
      keyId,
      key:
        wrapped === null ? unnumbered : openBytes(() => ring.wrappingKey, keyPlace(tenantId, purpose, keyId), wrapped),
    }))
}

/** What the index of a key begins with: nothing for key 0, from before keys had numbers. */
export function indexPrefix(keyId: number): Buffer {
  const prefix = Buffer.alloc(2)
  prefix.writeUInt16BE(keyId)
  return keyId === 0 ? Buffer.alloc(0) : prefix
}

function numberedIndex({ keyId, key }: NumberedKey, tenantId: string, field: string, value: string): Buffer {
  return Buffer.concat([indexPrefix(keyId), blindIndex(key, tenantId, field, value)])
}

function keyPlace(tenantId: string, purpose: KeyPurpose, keyId: number): FieldPlace {
  return { tenantId, table: 'tenant_key', column: 'wrapped', rowId: `${purpose}/${keyId}` }
}
