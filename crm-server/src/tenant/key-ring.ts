import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { QrKey } from '@yizhan/contracts/appointment'

/** The key that signs the booking QRs of one hospital. */
export interface QrSigningKey extends QrKey {
  privateKey: KeyObject
}

/** The secrets of a centre; they live in files beside the database, never in it. */
export interface KeyRing {
  /** Wraps the keys by which each hospital seals and indexes its fields; those lie in the database, useless without it. */
  wrappingKey: Buffer
  /** Sealed the fields of all hospitals before each had keys of its own; opens what is not sealed anew yet. */
  fieldKey: Buffer
  /** Hashes pairing codes; and persons, before each hospital had keys of its own. */
  blindIndexKey: Buffer
  /** Signs the session cookies of staff; text. */
  sessionSecret: string
  /** The QR key of a tenant, made when it is first asked for. */
  qrKey(tenantId: string): Promise<QrSigningKey>
  /** The key of a tenant's card hashes, 32 bytes, made when it is first asked for; its stations are told it. */
  cardKey(tenantId: string): Promise<Buffer>
  /** The key that signs orders to the stations of a tenant, made when it is first asked for. */
  orderKey(tenantId: string): Promise<OrderKey>
  /** The key that signs the audit trail's chain of a tenant, made when it is first asked for. */
  auditKey(tenantId: string): Promise<OrderKey>
}

/** A signing key with its public half, SPKI base64; stations keep that of their orders from their first greeting on. */
export interface OrderKey {
  privateKey: KeyObject
  publicKey: string
}

/** The first key of a tenant; a second one gets the next id, so that old QRs keep their own. */
const firstQrKeyId = '01'

/** Opens the key folder, making what is missing: folder 0700, files 0600. Several nodes share it by sharing the files. */
export async function openKeyRing(folder: string): Promise<KeyRing> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const secret = async (name: string) =>
    Buffer.from(await firstWritten(join(folder, name), () => randomBytes(32).toString('base64')), 'base64')
  const opened = new Map<string, Promise<QrSigningKey>>()
  const openedCardKeys = new Map<string, Promise<Buffer>>()
  const openedSigningKeys = new Map<string, Promise<OrderKey>>()
  const signing = async (name: string): Promise<OrderKey> => {
    const pem = await firstWritten(join(folder, name), newSigningKey)
    const publicKey = createPublicKey(pem).export({ type: 'spki', format: 'der' }).toString('base64')
    return { publicKey, privateKey: createPrivateKey(pem) }
  }
  const signingOnce = (name: string) => {
    const known = openedSigningKeys.get(name) ?? signing(name)
    openedSigningKeys.set(name, known)
    return known
  }
  const openQrKey = async (tenantId: string): Promise<QrSigningKey> => ({
    keyId: firstQrKeyId,
    ...(await signing(`qr-${tenantId}-${firstQrKeyId}.pem`)),
  })
  return {
    wrappingKey: await secret('wrapping.key'),
    fieldKey: await secret('field.key'),
    blindIndexKey: await secret('blind-index.key'),
    sessionSecret: (await secret('session.key')).toString('base64'),
    qrKey(tenantId) {
      const known = opened.get(tenantId) ?? openQrKey(tenantId)
      opened.set(tenantId, known)
      return known
    },
    cardKey(tenantId) {
      const known = openedCardKeys.get(tenantId) ?? secret(`card-${tenantId}.key`)
      openedCardKeys.set(tenantId, known)
      return known
    },
    orderKey: (tenantId) => signingOnce(`order-${tenantId}.pem`),
    auditKey: (tenantId) => signingOnce(`audit-${tenantId}.pem`),
  }
}

function newSigningKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
}

/** The text of a file; when there is none, what `make` returns, unless somebody else was first. */
async function firstWritten(path: string, make: () => string): Promise<string> {
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`
  const found = await readFile(path, 'utf8').catch(() => null)
  if (found !== null) return found
  await writeFile(draft, make(), { mode: 0o600, flush: true })
  await link(draft, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
  await rm(draft)
  return await readFile(path, 'utf8')
}
