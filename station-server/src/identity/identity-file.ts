import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const keptIdentity = z.object({
  stationId: z.string(),
  /** Ed25519, PKCS #8, PEM. */
  signingKey: z.string(),
  /** 32 bytes in base64; gone once an order to wipe has begun. */
  databaseKey: z.string().exactOptional(),
  otherKey: z.object({ key: z.string(), is: z.enum(['next', 'previous']) }).exactOptional(),
  /** Proves that a database key of the *strict* profile is the one that the data was written with. */
  strictKeyCheck: z.string().exactOptional(),
  /** The public key of the centre's orders, for a start at which the database stays closed. */
  orderKey: z.string().exactOptional(),
})

/** What a station keeps of its identity, as the file has it. */
export type KeptIdentity = z.infer<typeof keptIdentity>

const fileOf = (folder: string) => join(folder, 'identity.json')

/** Whether a folder has an identity. */
export function hasIdentity(folder: string): boolean {
  return existsSync(fileOf(folder))
}

/** Reads the identity of a folder. Throws when there is none, or it is no identity. */
export function readIdentityFile(folder: string): KeptIdentity {
  return keptIdentity.parse(JSON.parse(readFileSync(fileOf(folder), 'utf8')))
}

/** Writes an identity so that a power cut leaves either the one before or this one whole, readable by the station's user only. */
export function writeIdentityFile(folder: string, kept: KeptIdentity): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const path = fileOf(folder)
  writeFileSync(`${path}.new`, JSON.stringify(kept), { mode: 0o600, flush: true })
  renameSync(`${path}.new`, path)
  const directory = openSync(folder, 'r')
  fsyncSync(directory)
  closeSync(directory)
}
