import { randomBytes } from 'node:crypto'
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server'
import { uuidV7 } from '@yizhan/rules/rule/uuid-v7'
import type { Pool } from 'pg'
import { z } from 'zod'
import { addPasskey, findPasskey, notePasskeyUse, passkeysOf } from './passkey-store.ts'

/** The page that a passkey is made or used at; `origin` was checked at the door. */
export interface PasskeySite {
  origin: string
}

/** Challenges that were given out, each good for one answer. */
export interface ChallengeShelf {
  put(challenge: string, value: string): Promise<void>
  /** What was put with it, once; null when it is unknown, spent or too old. */
  take(challenge: string): Promise<string | null>
}

/** What a person can be asked for with a challenge that nobody is named in: any passkey of this site. */
const anybody = 'anybody'

const part = z.string().min(1).max(16_384)
const credential = { id: part, rawId: part, type: z.literal('public-key'), clientExtensionResults: z.object({}) }
const registrationAnswer = z.object({
  ...credential,
  response: z.object({ clientDataJSON: part, attestationObject: part }),
})
const useAnswer = z.object({
  ...credential,
  response: z.object({ clientDataJSON: part, authenticatorData: part, signature: part, userHandle: part.optional() }),
})

/** What a browser is to be asked so that a new passkey comes about: one that knows its owner and checks who holds it. */
export async function registrationOptions(
  { pool, challenges, site }: { pool: Pool; challenges: ChallengeShelf; site: PasskeySite },
  user: { id: string; email: string; name: string },
) {
  const held = await passkeysOf(pool, user.id)
  const options = await generateRegistrationOptions({
    rpName: '医站 Yizhan',
    rpID: new URL(site.origin).hostname,
    userName: user.email,
    userDisplayName: user.name,
    userID: new Uint8Array(Buffer.from(user.id)),
    attestationType: 'none',
    excludeCredentials: held.map(({ credentialId }) => ({ id: credentialId })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  })
  await challenges.put(options.challenge, user.id)
  return options
}

/** Keeps the passkey that a browser made; false when its answer does not hold. */
export async function keepPasskey(
  { pool, challenges, site }: { pool: Pool; challenges: ChallengeShelf; site: PasskeySite },
  { userId, name, answer }: { userId: string; name: string; answer: unknown },
): Promise<boolean> {
  const parsed = registrationAnswer.safeParse(answer)
  if (!parsed.success) return false
  const verified = await heldOrNull(() =>
    verifyRegistrationResponse({
      response: parsed.data,
      expectedChallenge: async (challenge) => (await challenges.take(challenge)) === userId,
      expectedOrigin: site.origin,
      expectedRPID: new URL(site.origin).hostname,
    }),
  )
  if (verified?.registrationInfo === undefined) return false
  const { id, publicKey, counter } = verified.registrationInfo.credential
  const passkeyId = uuidV7(Date.now(), randomBytes(10))
  return await addPasskey(pool, {
    passkeyId,
    userId,
    name,
    credentialId: id,
    publicKey: Buffer.from(publicKey),
    counter,
  })
}

/** What a browser is to be asked so that a passkey proves its owner; of one account's when somebody is signed in. */
export async function useOptions(
  { pool, challenges, site }: { pool: Pool; challenges: ChallengeShelf; site: PasskeySite },
  userId: string | null,
) {
  const held = userId === null ? [] : await passkeysOf(pool, userId)
  const options = await generateAuthenticationOptions({
    rpID: new URL(site.origin).hostname,
    userVerification: 'required',
    allowCredentials: held.map(({ credentialId }) => ({ id: credentialId })),
  })
  await challenges.put(options.challenge, userId ?? anybody)
  return options
}

/** The account that an answer proves; null when it proves none. A challenge that names somebody is good for nobody else. */
export async function ownerProved(
  { pool, challenges, site }: { pool: Pool; challenges: ChallengeShelf; site: PasskeySite },
  answer: unknown,
): Promise<string | null> {
  const parsed = useAnswer.safeParse(answer)
  const passkey = parsed.success ? await findPasskey(pool, parsed.data.id) : null
  if (!parsed.success || passkey === null) return null
  const { userHandle, ...response } = parsed.data.response
  const { credentialId, publicKey, counter, userId, passkeyId } = passkey
  const verified = await heldOrNull(() =>
    verifyAuthenticationResponse({
      response: { ...parsed.data, response: { ...response, ...(userHandle === undefined ? {} : { userHandle }) } },
      expectedChallenge: async (challenge) => [userId, anybody].includes((await challenges.take(challenge)) ?? ''),
      expectedOrigin: site.origin,
      expectedRPID: new URL(site.origin).hostname,
      credential: { id: credentialId, publicKey: new Uint8Array(publicKey), counter },
    }),
  )
  if (verified?.verified !== true) return null
  await notePasskeyUse(pool, passkeyId, verified.authenticationInfo.newCounter)
  return userId
}

/** The credential that an answer names, proved or not; null for none. */
export function credentialNamed(answer: unknown): string | null {
  return useAnswer.safeParse(answer).data?.id ?? null
}

/** The library refuses by throwing: whatever it throws is about an answer that anybody may have made up. */
async function heldOrNull<Verified>(check: () => Promise<Verified>): Promise<Verified | null> {
  try {
    return await check()
  } catch (fault) {
    // What comes from PostgreSQL, when a challenge is looked up, is no word about the answer.
    if (fault instanceof Error && 'severity' in fault) throw fault
    return null
  }
}
