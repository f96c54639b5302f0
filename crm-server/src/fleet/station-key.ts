import { createHash, createPublicKey, verify } from 'node:crypto'
import { fingerprintText } from '@yizhan/rules/sync/key-fingerprint'

/** A station's public key, proved to be one. */
export interface StationKey {
  publicKey: string
  /** SHA-256 of the key in SPKI form, the first 16 bytes in groups of four digits: what two people compare. */
  fingerprint: string
}

/** Reads an Ed25519 public key (SPKI DER, base64); null when it is anything else. */
export function readStationKey(base64: string): StationKey | null {
  const der = Buffer.from(base64, 'base64')
  try {
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' })
    if (key.asymmetricKeyType !== 'ed25519') return null
  } catch {
    // OpenSSL tells many kinds of malformed input by many kinds of error; to the caller they are one refusal.
    return null
  }
  const fingerprint = fingerprintText(createHash('sha256').update(der).digest('hex'))
  return { publicKey: der.toString('base64'), fingerprint }
}

/** Whether a text was signed (Ed25519, base64) by the private half of a key, which must have been proved to be one. */
export function isSignedBy(publicKey: string, text: string, signature: string): boolean {
  const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' })
  return verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64'))
}
