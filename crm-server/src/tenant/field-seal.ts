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

/** Seals a text for its place: format byte, IV, ciphertext, tag (AES-256-GCM, NIST SP 800-38D), the place as AAD. */
export function sealField(key: Buffer, place: FieldPlace, text: string): Buffer {
  const iv = randomBytes(ivLength)
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(placeBytes(place))
  return Buffer.concat([Buffer.of(format), iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
}

/** Opens a sealed text; throws when it was changed or comes from another place. */
export function openField(key: Buffer, place: FieldPlace, sealed: Buffer): string {
  if (sealed[0] !== format) throw new Error('sealed field of an unknown format')
  const iv = sealed.subarray(1, 1 + ivLength)
  const decipher = createDecipheriv('aes-256-gcm', key, iv).setAAD(placeBytes(place))
  decipher.setAuthTag(sealed.subarray(-tagLength))
  return decipher.update(sealed.subarray(1 + ivLength, -tagLength), undefined, 'utf8') + decipher.final('utf8')
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
