import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'

/** The one place in the database that a sealed value belongs to; it opens nowhere else. */
export interface FieldPlace {
  tenantId: string
  table: string
  column: string
  rowId: string
}

/** A key with the number that every value sealed by it carries. */
export interface NumberedKey {
  keyId: number
  key: Buffer
}

/** A sealed value was changed, comes from another place, or by a key that is gone: somebody worked on the database. */
export class SealBroken extends Error {
  override name = 'SealBroken'
  readonly place: FieldPlace

  constructor(place: FieldPlace, cause?: unknown) {
    super(`a sealed value of ${place.table}.${place.column} does not belong where it is`, { cause })
    this.place = place
  }
}

/** Values of one key for the whole centre, from before every hospital had its own; they count as of key 0. */
const unnumberedFormat = 1
const format = 2
const ivLength = 12
const tagLength = 16
/** Format byte and key id: what the values of one key all begin with. */
const prefixLength = 3

/** Seals bytes for their place: format byte, key id, IV, ciphertext, tag (AES-256-GCM, NIST SP 800-38D), the place as AAD. */
export function sealBytes({ keyId, key }: NumberedKey, place: FieldPlace, bytes: Uint8Array): Buffer {
  const iv = randomBytes(ivLength)
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(placeBytes(place))
  return Buffer.concat([sealPrefix(keyId), iv, cipher.update(bytes), cipher.final(), cipher.getAuthTag()])
}

/** Opens sealed bytes by the key that they name; throws `SealBroken` when they do not open here. */
export function openBytes(keyOf: (keyId: number) => Buffer | undefined, place: FieldPlace, sealed: Buffer): Buffer {
  const head = headOf(sealed)
  const key = head === null ? undefined : keyOf(head.keyId)
  if (head === null || key === undefined) throw new SealBroken(place)
  try {
    const iv = sealed.subarray(head.length, head.length + ivLength)
    const decipher = createDecipheriv('aes-256-gcm', key, iv).setAAD(placeBytes(place))
    decipher.setAuthTag(sealed.subarray(-tagLength))
    const content = sealed.subarray(head.length + ivLength, -tagLength)
    return Buffer.concat([decipher.update(content), decipher.final()])
  } catch (error) {
    throw new SealBroken(place, error)
  }
}

/** The first bytes of every value that was sealed by a key. */
export function sealPrefix(keyId: number): Buffer {
  const prefix = Buffer.alloc(prefixLength)
  prefix.writeUInt8(format, 0)
  prefix.writeUInt16BE(keyId, 1)
  return prefix
}

/** A keyed hash by which equal values of one tenant are found again without being readable: 128 bits of HMAC-SHA-256. */
export function blindIndex(key: Buffer, tenantId: string, field: string, value: string): Buffer {
  return createHmac('sha256', key)
    .update(JSON.stringify([tenantId, field, value]))
    .digest()
    .subarray(0, 16)
}

function headOf(sealed: Buffer): { keyId: number; length: number } | null {
  if (sealed.length < prefixLength + ivLength + tagLength) return null
  if (sealed[0] === unnumberedFormat) return { keyId: 0, length: 1 }
  return sealed[0] === format ? { keyId: sealed.readUInt16BE(1), length: prefixLength } : null
}

function placeBytes({ tenantId, table, column, rowId }: FieldPlace): Buffer {
  return Buffer.from(JSON.stringify([tenantId, table, column, rowId]))
}
