import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'

/** A row of the trail as its block holds it. */
export interface BlockEntry {
  auditId: string
  digest: Buffer
}

/** What a block says beside its entries. */
export interface BlockHeader {
  tenantId: string
  block: number
  firstRow: number
  rowCount: number
  sealedAt: number
  previousHead: Buffer
}

/** Which columns a row's digest covers, and how a head is made; a release with another column gets the next number. */
export const blockFormat = 1
/** What the first block continues. */
export const noHead: Buffer = Buffer.alloc(32)
/** Stands in place of the digest of a row that was gone before it was sealed. */
export const goneDigest: Buffer = Buffer.alloc(32)

const idLength = 16
const entryLength = 48

/** The digest of a row: SHA-256 of its canonical text. */
export function rowDigest(content: string): Buffer {
  return createHash('sha256').update(content).digest()
}

/** Entries as a block keeps them: 16 bytes of id and 32 of digest each. */
export function writeEntries(entries: readonly BlockEntry[]): Buffer {
  return Buffer.concat(
    entries.map(({ auditId, digest }) => Buffer.concat([Buffer.from(auditId.replaceAll('-', ''), 'hex'), digest])),
  )
}

/** The entries of a block; null for bytes that are none. */
export function readEntries(bytes: Buffer): BlockEntry[] | null {
  if (bytes.length % entryLength !== 0) return null
  return Array.from({ length: bytes.length / entryLength }, (_, at) => {
    const entry = bytes.subarray(at * entryLength, (at + 1) * entryLength)
    return { auditId: idText(entry.subarray(0, idLength)), digest: entry.subarray(idLength) }
  })
}

/** The head of a block: SHA-256 over the head before it, the header, and the entries in their order. */
export function headOf(header: BlockHeader, entries: Buffer): Buffer {
  return createHash('sha256').update(header.previousHead).update(headerText(header)).update(entries).digest()
}

/** Signs a block. The header is signed too: it stays when the entries were kept long enough and are gone. */
export function signBlock(key: KeyObject, header: BlockHeader, head: Buffer): Buffer {
  return sign(null, signedBytes(header, head), key)
}

/** Whether a block was signed by the hospital's audit key, SPKI base64. */
export function isBlockSigned(publicKey: string, header: BlockHeader, head: Buffer, signature: Buffer): boolean {
  const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' })
  return verify(null, signedBytes(header, head), key, signature)
}

function signedBytes(header: BlockHeader, head: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`yizhan audit head v1\n${headerText(header)}\n`), header.previousHead, head])
}

function headerText({ tenantId, block, firstRow, rowCount, sealedAt }: BlockHeader): string {
  return JSON.stringify([blockFormat, tenantId, block, firstRow, rowCount, sealedAt])
}

function idText(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
