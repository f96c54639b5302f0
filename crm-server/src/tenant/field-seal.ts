import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'

/** The one place in the database that a sealed value belongs to; it opens nowhere else. */
export interface FieldPlace {
  tenantId: string
  table: string
  column: string
  rowId: string
}

const format = 1
const ivLength = 12
const tagLength = 16

/** Seals a text for its place. */
export function sealField(key: Buffer, place: FieldPlace, text: string): Buffer {
  return sealBytes(key, place, Buffer.from(text, 'utf8'))
}

/** Seals bytes for their place: format byte, IV, ciphertext, tag (AES-256-GCM, NIST SP 800-38D), the place as AAD. */
export function sealBytes(key: Buffer, place: FieldPlace, bytes: Uint8Array): Buffer {
  const iv = randomBytes(ivLength)
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(placeBytes(place))
  return Buffer.concat([Buffer.of(format), iv, cipher.update(bytes), cipher.final(), cipher.getAuthTag()])
}

/** Opens a sealed text; throws when it was changed or comes from another place. */
export function openField(key: Buffer, place: FieldPlace, sealed: Buffer): string {
  return openBytes(key, place, sealed).toString('utf8')
}

/** Opens sealed bytes; throws when they were changed or come from another place. */
export function openBytes(key: Buffer, place: FieldPlace, sealed: Buffer): Buffer {
  if (sealed[0] !== format) throw new Error('sealed field of an unknown format')
  const iv = sealed.subarray(1, 1 + ivLength)
  const decipher = createDecipheriv('aes-256-gcm', key, iv).setAAD(placeBytes(place))
  decipher.setAuthTag(sealed.subarray(-tagLength))
  return Buffer.concat([decipher.update(sealed.subarray(1 + ivLength, -tagLength)), decipher.final()])
}

/** A keyed hash by which equal values of one tenant are found again without being readable: 128 bits of HMAC-SHA-256. */
export function blindIndex(key: Buffer, tenantId: string, field: string, value: string): Buffer {
  return createHmac('sha256', key)
    .update(JSON.stringify([tenantId, field, value]))
    .digest()
    .subarray(0, 16)
}

function placeBytes({ tenantId, table, column, rowId }: FieldPlace): Buffer {
  return Buffer.from(JSON.stringify([tenantId, table, column, rowId]))
}
