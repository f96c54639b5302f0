import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { type CardProfile, cardProfileSet } from './card-profile.ts'

/** Why a set of card profiles is not used. */
export type ProfileSetRefusal = 'profiles-missing' | 'signature-missing' | 'signature-wrong' | 'profiles-malformed'

/** The profiles of a file, or why they are refused; `detail` names file and place. */
export type LoadedProfiles =
  | { ok: true; profiles: CardProfile[] }
  | { ok: false; error: ProfileSetRefusal; detail: string }

/** The set that comes with the package, until the fleet delivers another. */
export const shippedProfilesFile = fileURLToPath(new URL('../../card-profiles/standard-cards.json', import.meta.url))

/** Where the signature of a set of profiles lies: beside it. */
export function signatureFileOf(profilesFile: string): string {
  return `${profilesFile}.sig`
}

/** Reads a set of profiles if one of the keys (Ed25519, raw, base64url) has signed exactly these bytes. */
export async function loadCardProfiles(file: string, keys: readonly string[]): Promise<LoadedProfiles> {
  const bytes = await readIfThere(file)
  if (bytes === undefined) return { ok: false, error: 'profiles-missing', detail: file }
  const signature = await readIfThere(signatureFileOf(file))
  if (signature === undefined) return { ok: false, error: 'signature-missing', detail: signatureFileOf(file) }
  const signed = Buffer.from(signature.toString('ascii').trim(), 'base64url')
  if (!keys.some((key) => verify(null, bytes, publicKeyOf(key), signed)))
    return { ok: false, error: 'signature-wrong', detail: file }
  return parseCardProfiles(bytes, file)
}

/** The profiles in the bytes of a set, whose signature the caller has checked or is about to make. */
export function parseCardProfiles(bytes: Buffer, file: string): LoadedProfiles {
  const malformed = (detail: string) =>
    ({ ok: false, error: 'profiles-malformed', detail: `${file}: ${detail}` }) as const
  let json: unknown
  try {
    json = JSON.parse(bytes.toString('utf8'))
  } catch (error) {
    return malformed(error instanceof Error ? error.message : String(error))
  }
  const parsed = cardProfileSet.safeParse(json)
  if (parsed.success) return { ok: true, profiles: parsed.data.profiles }
  return malformed(parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '))
}

function publicKeyOf(key: string): KeyObject {
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: key }, format: 'jwk' })
}

async function readIfThere(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
