import { createPrivateKey, createPublicKey, sign } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { parseCardProfiles, signatureFileOf } from './card-profile-set.ts'

/** Signs sets of card profiles with a key that lies outside the repository, and says which public key belongs to it. */
async function signProfiles(keyFile: string, files: readonly string[]): Promise<void> {
  const key = createPrivateKey(await readFile(keyFile))
  if (key.asymmetricKeyType !== 'ed25519') throw new Error(`${keyFile} is no Ed25519 key`)
  for (const file of files) {
    const bytes = await readFile(file)
    const parsed = parseCardProfiles(bytes, file)
    if (!parsed.ok) throw new Error(`${parsed.error}: ${parsed.detail}`)
    await writeFile(signatureFileOf(file), `${sign(null, bytes, key).toString('base64url')}\n`)
    process.stdout.write(`signed ${file}: ${parsed.profiles.map(({ id }) => id).join(', ')}\n`)
  }
  process.stdout.write(`public key ${createPublicKey(key).export({ format: 'jwk' }).x}\n`)
}

const [keyFile, ...files] = process.argv.slice(2)
if (keyFile === undefined || files.length === 0) {
  process.stderr.write('usage: node sign-profiles-main.ts <private key, PEM> <profiles.json>...\n')
  process.exitCode = 2
} else {
  await signProfiles(keyFile, files)
}
