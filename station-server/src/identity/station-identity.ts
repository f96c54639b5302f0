import {
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto'
import { uuidV7 } from '@yizhan/rules/rule/uuid-v7'
import { fingerprintText } from '@yizhan/rules/sync/key-fingerprint'
import { hasIdentity, readIdentityFile, writeIdentityFile } from './identity-file.ts'

/** Who this station is: its name for the centre, the key it signs with, and the key of its database. */
export interface StationIdentity {
  stationId: string
  signingKey: KeyObject
  /** 32 bytes; the local half of the *offline-boot* profile: the station starts without the centre. */
  databaseKey: Uint8Array
}

/** What the centre is told at enrolment: the id and the public key, Ed25519, SPKI DER, base64. */
export interface PublicIdentity {
  stationId: string
  publicKey: string
}

/**
 * Reads the identity in a folder, or makes one on the first start. The private halves never leave the folder and are
 * readable by the station's user only; the public half is written beside them as `identity-public.json`.
 */
export function loadOrMakeIdentity(folder: string, now: () => number): StationIdentity {
  if (!hasIdentity(folder)) makeIdentity(folder, now)
  const kept = readIdentityFile(folder)
  if (kept.databaseKey === undefined) throw new Error('the data of this station is being wiped')
  return {
    stationId: kept.stationId,
    signingKey: createPrivateKey(kept.signingKey),
    databaseKey: Buffer.from(kept.databaseKey, 'base64'),
  }
}

/** A key of the station for one use, drawn from what lies on its own disk. */
export function localKeyFor({ databaseKey }: Pick<StationIdentity, 'databaseKey'>, use: string): Buffer {
  return createHmac('sha256', databaseKey).update(use).digest()
}

/** The public half of an identity. */
export function publicIdentity(identity: StationIdentity): PublicIdentity {
  return { stationId: identity.stationId, publicKey: publicKeyOf(identity.signingKey) }
}

/** The public half of a key, Ed25519, SPKI DER, base64. */
export function publicKeyOf(key: KeyObject): string {
  return createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64')
}

/** The fingerprint (密钥指纹) of a public key, as the centre writes it too: what two people compare. */
export function fingerprintOf(publicKey: string): string {
  return fingerprintText(createHash('sha256').update(Buffer.from(publicKey, 'base64')).digest('hex'))
}

function makeIdentity(folder: string, now: () => number): void {
  const { privateKey } = generateKeyPairSync('ed25519')
  writeIdentityFile(folder, {
    stationId: uuidV7(now(), randomBytes(10)),
    signingKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    databaseKey: randomBytes(32).toString('base64'),
  })
}
