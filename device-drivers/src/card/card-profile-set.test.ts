import { execFile } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { cardProfileKeys } from './card-profile-keys.ts'
import { loadCardProfiles, shippedProfilesFile, signatureFileOf } from './card-profile-set.ts'

const run = promisify(execFile)
const signMain = fileURLToPath(new URL('./sign-profiles-main.ts', import.meta.url))

let folder: string
let copy: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'card-profiles-'))
  copy = join(folder, 'cards.json')
  await cp(shippedProfilesFile, copy)
  await cp(signatureFileOf(shippedProfilesFile), signatureFileOf(copy))
})

afterEach(() => rm(folder, { recursive: true }))

test('the shipped profiles are signed by a shipped key, and each names its source', async () => {
  const loaded = await loadCardProfiles(copy, cardProfileKeys)
  expect(loaded).toMatchObject({ ok: true })
  const ids = loaded.ok ? loaded.profiles.map(({ id }) => id) : []
  expect(ids).toEqual(['social-security-card', 'hospital-card', 'contactless-uid'])
})

test('one changed byte is refused by name, wherever it stands', async () => {
  const bytes = await readFile(copy)
  for (const at of [0, bytes.indexOf('00B2'), bytes.length - 1]) {
    const changed = Buffer.from(bytes)
    changed[at] = (changed[at] ?? 0) ^ 1
    await writeFile(copy, changed)
    expect(await loadCardProfiles(copy, cardProfileKeys)).toEqual({ ok: false, error: 'signature-wrong', detail: copy })
  }
})

test('a set without a signature, with another’s, or that is not there is refused by name', async () => {
  const { x = '' } = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' })
  expect(await loadCardProfiles(copy, [x])).toMatchObject({ error: 'signature-wrong' })
  await writeFile(signatureFileOf(copy), 'no signature\n')
  expect(await loadCardProfiles(copy, cardProfileKeys)).toMatchObject({ error: 'signature-wrong' })
  await rm(signatureFileOf(copy))
  expect(await loadCardProfiles(copy, cardProfileKeys)).toMatchObject({ error: 'signature-missing' })
  expect(await loadCardProfiles(join(folder, 'none.json'), cardProfileKeys)).toMatchObject({
    error: 'profiles-missing',
  })
})

test('the signing program signs what fits the shape, with a key of one’s own', async () => {
  const { privateKey } = generateKeyPairSync('ed25519')
  const keyFile = join(folder, 'key.pem')
  await writeFile(keyFile, privateKey.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600 })
  const { stdout } = await run(process.execPath, [signMain, keyFile, copy])
  const key = /^public key (\S+)$/m.exec(stdout)?.[1] ?? ''
  expect(await loadCardProfiles(copy, [...cardProfileKeys, key])).toMatchObject({ ok: true })
  expect(await loadCardProfiles(copy, cardProfileKeys)).toMatchObject({ error: 'signature-wrong' })
})

test.each([
  ['more commands than any card needs', '"maxApdus": 24', '"maxApdus": 65'],
  ['more time than a person waits', '"totalMs": 3000', '"totalMs": 30000'],
  ['a command that is no command', '00B2072C0B', '00B2072C0'],
  ['a field that nobody knows', '"optional": true', '"loop": true'],
  ['two profiles of one name', 'hospital-card"', 'contactless-uid"'],
])('a set with %s is not signed', async (_, from, to) => {
  await writeFile(copy, (await readFile(copy, 'utf8')).replace(from, to))
  const keyFile = join(folder, 'key.pem')
  await writeFile(keyFile, generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }))
  await expect(run(process.execPath, [signMain, keyFile, copy])).rejects.toThrow(/profiles-malformed/)
})
