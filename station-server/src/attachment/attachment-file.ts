import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto'
import { closeSync, existsSync, fstatSync, openSync, readSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const tagBytes = 16
const lengthBytes = 4
const nonceBytes = 12

/** What seals the bytes of one attachment. */
export interface AttachmentSeal {
  databaseKey: Uint8Array
  attachmentId: string
  /** 16 random bytes, drawn anew for every beginning: no key ever seals two contents. */
  salt: Uint8Array
}

/** Bytes of an attachment were changed on the disk, or a part of them is missing. */
export class AttachmentDamaged extends Error {
  override name = 'AttachmentDamaged'
}

/** Where the sealed bytes of an attachment lie. */
export function attachmentPath(folder: string, attachmentId: string): string {
  return join(folder, `${attachmentId}.sealed`)
}

/** Appends one part: its length, then the part sealed by AES-256-GCM under its own key, its place in the file as nonce and AAD. */
export function appendSealed(file: number, seal: AttachmentSeal, place: number, part: Uint8Array): void {
  const cipher = createCipheriv('aes-256-gcm', keyOf(seal), nonceOf(place)).setAAD(aadOf(seal, place))
  const length = Buffer.alloc(lengthBytes)
  length.writeUInt32BE(part.byteLength)
  // To its end, or it throws: a disk that gets full takes a part of one write without a word.
  writeFileSync(file, Buffer.concat([length, cipher.update(part), cipher.final(), cipher.getAuthTag()]))
}

/**
 * The bytes from an offset to the end of the part in which it lies; none at the end. Throws AttachmentDamaged when the file is gone, cut
 * off or changed: a part opens only whole, and only at its own place.
 */
export function readSealedFrom(path: string, seal: AttachmentSeal, offset: number): Buffer {
  if (!existsSync(path)) throw new AttachmentDamaged('the file is gone')
  const file = openSync(path, 'r')
  try {
    const { size } = fstatSync(file)
    let [at, begins] = [0, 0]
    for (let place = 0; at < size; place += 1) {
      const length = readAt(file, at, lengthBytes).readUInt32BE()
      const end = at + lengthBytes + length + tagBytes
      if (length === 0 || end > size) throw new AttachmentDamaged('a part is cut off')
      if (offset < begins + length) {
        const sealed = readAt(file, at + lengthBytes, length + tagBytes)
        return open(seal, place, sealed).subarray(offset - begins)
      }
      at = end
      begins += length
    }
    return Buffer.alloc(0)
  } finally {
    closeSync(file)
  }
}

function open(seal: AttachmentSeal, place: number, sealed: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', keyOf(seal), nonceOf(place)).setAAD(aadOf(seal, place))
  decipher.setAuthTag(sealed.subarray(-tagBytes))
  try {
    return Buffer.concat([decipher.update(sealed.subarray(0, -tagBytes)), decipher.final()])
  } catch (error) {
    throw new AttachmentDamaged('a part was changed', { cause: error })
  }
}

function readAt(file: number, at: number, length: number): Buffer {
  const bytes = Buffer.alloc(length)
  if (readSync(file, bytes, 0, length, at) < length) throw new AttachmentDamaged('a part is cut off')
  return bytes
}

function keyOf({ databaseKey, attachmentId, salt }: AttachmentSeal): Buffer {
  return Buffer.from(hkdfSync('sha256', databaseKey, salt, `yizhan attachment ${attachmentId}`, 32))
}

function nonceOf(place: number): Buffer {
  const nonce = Buffer.alloc(nonceBytes)
  nonce.writeUInt32BE(place, nonceBytes - 4)
  return nonce
}

function aadOf({ attachmentId }: AttachmentSeal, place: number): Buffer {
  return Buffer.from(`${attachmentId}/${place}`)
}
