import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { uuidV7 } from '@yizhan/rules/rule/uuid-v7'

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
  const path = join(folder, 'identity.json')
  if (!existsSync(path)) makeIdentity(folder, path, now)
  const kept = JSON.parse(readFileSync(path, 'utf8')) as { stationId: string; signingKey: string; databaseKey: string }
  return {
    stationId: kept.stationId,
    signingKey: createPrivateKey(kept.signingKey),
    databaseKey: Buffer.from(kept.databaseKey, 'base64'),
  }
}

/** The public half of an identity. */
export function publicIdentity(identity: StationIdentity): PublicIdentity {
  const publicKey = createPublicKey(identity.signingKey).export({ type: 'spki', format: 'der' }).toString('base64')
  return { stationId: identity.stationId, publicKey }
}

function makeIdentity(folder: string, path: string, now: () => number): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const { privateKey } = generateKeyPairSync('ed25519')
  const made = {
    stationId: uuidV7(now(), randomBytes(10)),
    signingKey: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    databaseKey: randomBytes(32).toString('base64'),
  }
  // Written aside and renamed, so that a power cut leaves either no identity or a whole one.
  writeFileSync(`${path}.new`, JSON.stringify(made), { mode: 0o600, flush: true })
  renameSync(`${path}.new`, path)
  const directory = openSync(folder, 'r')
  fsyncSync(directory)
  closeSync(directory)
}
