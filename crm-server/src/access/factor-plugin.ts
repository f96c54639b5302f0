import { isProofFresh } from '@yizhan/rules/access/session-limits'
import type { BetterAuthPlugin, GenericEndpointContext } from 'better-auth'
import { APIError, createAuthEndpoint, getSessionFromCtx } from 'better-auth/api'
import { setSessionCookie } from 'better-auth/cookies'
import { generateRandomString } from 'better-auth/crypto'
import type { Pool } from 'pg'
import { z } from 'zod'
import { spendCode } from './authenticator-code.ts'
import { type ChallengeShelf, keepPasskey, ownerProved, registrationOptions, useOptions } from './passkey-ceremony.ts'
import { passkeysOf } from './passkey-store.ts'
import { passwordFits } from './password-hash.ts'

/** The calls of `/auth` beside better-auth's own: passkeys, and proving the second factor again. */
export const factorCalls = {
  registrationOptions: '/passkey/registration-options',
  register: '/passkey/register',
  challenge: '/passkey/challenge',
  signIn: '/passkey/sign-in',
  proveAgain: '/prove-again',
} as const

/** Time to find the key in one's bag: W3C WebAuthn level 3 §15.1 recommends 5 to 10 minutes where a person is checked. */
const challengeLifeMs = 5 * 60_000

type Signed = NonNullable<Awaited<ReturnType<typeof getSessionFromCtx>>>
type Body = { answer?: string | undefined; code?: string | undefined }

/** Passkeys, and deeds of weight that ask for the factor again, as calls of better-auth, so that cookies are made by it alone. */
export function factorPlugin({ pool, now }: { pool: Pool; now: () => number }) {
  const siteOf = (context: GenericEndpointContext) => ({ origin: context.headers?.get('origin') ?? '' })
  const parts = (context: GenericEndpointContext) => ({
    pool,
    site: siteOf(context),
    challenges: challengeShelf(context, now),
  })
  const endpoints = {
    passkeyRegistrationOptions: createAuthEndpoint(
      factorCalls.registrationOptions,
      { method: 'POST', body: z.object({ password: z.string().optional() }) },
      async (context) => {
        const signed = await signedIn(context)
        await askProof({ pool, now }, signed, context.body.password)
        return context.json(await registrationOptions(parts(context), signed.user))
      },
    ),
    registerPasskey: createAuthEndpoint(
      factorCalls.register,
      { method: 'POST', body: z.object({ answer: z.string(), name: z.string() }) },
      async (context) => {
        const signed = await signedIn(context)
        const { answer, name } = context.body
        const kept = await keepPasskey(parts(context), { userId: signed.user.id, name, answer: answerOf({ answer }) })
        if (!kept) throw refusal('PASSKEY_REFUSED')
        await proved(context, signed, now())
        return context.json({ registered: true })
      },
    ),
    passkeyChallenge: createAuthEndpoint(factorCalls.challenge, { method: 'POST' }, async (context) => {
      const signed = await getSessionFromCtx(context)
      return context.json(await useOptions(parts(context), signed?.user.id ?? null))
    }),
    signInByPasskey: createAuthEndpoint(
      factorCalls.signIn,
      { method: 'POST', body: z.object({ answer: z.string() }) },
      async (context) => {
        const userId = await ownerProved(parts(context), answerOf(context.body))
        const { internalAdapter } = context.context
        const user = userId === null ? null : await internalAdapter.findUserById(userId)
        if (user === null) throw refusal('PASSKEY_REFUSED')
        const session = await internalAdapter.createSession(user.id)
        await setSessionCookie(context, { session, user })
        return context.json({ userId: user.id })
      },
    ),
    proveAgain: createAuthEndpoint(
      factorCalls.proveAgain,
      { method: 'POST', body: z.object({ code: z.string().optional(), answer: z.string().optional() }) },
      async (context) => {
        const signed = await signedIn(context)
        await proveFactor(context, signed, { pool, now, parts: parts(context) })
        await proved(context, signed, now())
        return context.json({ proved: true })
      },
    ),
  }
  return { id: 'yizhan-factors', endpoints } satisfies BetterAuthPlugin
}

function challengeShelf({ context }: GenericEndpointContext, now: () => number): ChallengeShelf {
  const { internalAdapter } = context
  const name = (challenge: string) => `passkey-challenge-${challenge}`
  return {
    async put(challenge, value) {
      const expiresAt = new Date(now() + challengeLifeMs)
      await internalAdapter.createVerificationValue({ identifier: name(challenge), value, expiresAt })
    },
    take: async (challenge) => (await internalAdapter.consumeVerificationValue(name(challenge)))?.value ?? null,
  }
}

async function signedIn(context: GenericEndpointContext): Promise<Signed> {
  const signed = await getSessionFromCtx(context)
  if (signed === null) throw refusal('NOT_SIGNED_IN')
  return signed
}

/**
 * Who brings a new passkey has to prove more than a session that was left open: the factor lately where there is one, the
 * password where there is none yet.
 */
async function askProof(
  { pool, now }: { pool: Pool; now: () => number },
  { user, session }: Signed,
  password?: string,
) {
  const held = await passkeysOf(pool, user.id)
  if (held.length > 0 || user['twoFactorEnabled'] === true) {
    if (!isProofFresh(provedAtOf(session), now())) throw refusal('STEP_UP_NEEDED')
    return
  }
  const { rows } = await pool.query<{ password: string }>(
    `select "password" from auth."account" where "userId" = $1 and "providerId" = 'credential'`,
    [user.id],
  )
  if (!(await passwordFits(password ?? '', rows[0]?.password ?? ''))) throw refusal('INVALID_PASSWORD')
}

/** When a session last saw a second factor, in milliseconds; null for never. */
export function provedAtOf(session: object): number | null {
  if (!('factorProvedAt' in session) || !(session.factorProvedAt instanceof Date)) return null
  return session.factorProvedAt.getTime()
}

async function proveFactor(
  context: GenericEndpointContext,
  { user }: Signed,
  { pool, now, parts }: { pool: Pool; now: () => number; parts: Parameters<typeof ownerProved>[0] },
): Promise<void> {
  const body: Body = context.body
  if (body.code !== undefined) {
    const { secretConfig } = context.context
    const worth = await spendCode({ secretConfig, pool, now }, user.id, body.code)
    if (worth !== 'fresh') throw refusal(worth === 'spent' ? 'CODE_SPENT' : 'INVALID_CODE')
    return
  }
  if ((await ownerProved(parts, answerOf(body))) !== user.id) throw refusal('PASSKEY_REFUSED')
}

/** The same session from now on by another token: one that was read over somebody's shoulder does not gain the new rights. */
async function proved(context: GenericEndpointContext, { session, user }: Signed, nowMs: number): Promise<void> {
  const fresh = await context.context.adapter.update<Signed['session']>({
    model: 'session',
    where: [{ field: 'id', value: session.id }],
    update: { token: generateRandomString(32), factorProvedAt: new Date(nowMs) },
  })
  if (fresh === null) throw refusal('NOT_SIGNED_IN')
  await setSessionCookie(context, { session: fresh, user })
}

/** The value of an answer's JSON text; undefined when it is none. */
function answerOf({ answer }: Body): unknown {
  try {
    return JSON.parse(answer ?? '')
  } catch (fault) {
    if (fault instanceof SyntaxError) return undefined
    throw fault
  }
}

function refusal(code: string): APIError {
  return new APIError(code === 'STEP_UP_NEEDED' ? 'FORBIDDEN' : 'UNAUTHORIZED', { code, message: code })
}
