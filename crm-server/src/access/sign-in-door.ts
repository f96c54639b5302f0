import { idleLimitMs } from '@yizhan/rules/access/session-limits'
import type { Pool } from 'pg'
import { z } from 'zod'
import type { AccessAction, AccessAudit } from './access-audit.ts'
import type { RequestOrigin } from './access-port.ts'
import { isSecondFactorLocked, userIdOf } from './account-store.ts'
import { spendCode } from './authenticator-code.ts'
import { type BetterAuthHere, signInBasePath } from './better-auth-setup.ts'
import { factorCalls } from './factor-plugin.ts'
import { credentialNamed } from './passkey-ceremony.ts'
import { findPasskey } from './passkey-store.ts'
import { personBehind, type SessionPerson } from './session-person.ts'
import type { SignInLimit } from './sign-in-limit.ts'

const password = z.string().min(1).max(256)
const passkeyAnswer = z.string().min(1).max(30_000)
const secondFactorCode = z.strictObject({ code: z.string().min(1).max(32) })

/**
 * The calls of better-auth that the console uses, with all that they may carry. Every other call answers 404 and every
 * other field 400, so that what is not used cannot be attacked: a device trusted past the second factor, say.
 */
const openCalls = new Map<string, z.ZodType<Record<string, string | undefined>>>([
  ['/sign-in/email', z.strictObject({ email: z.email().max(254), password })],
  ['/sign-out', z.strictObject({})],
  ['/two-factor/enable', z.strictObject({ password })],
  ['/two-factor/verify-totp', secondFactorCode],
  ['/two-factor/verify-backup-code', secondFactorCode],
  ['/two-factor/generate-backup-codes', z.strictObject({ password })],
  [factorCalls.registrationOptions, z.strictObject({ password: password.optional() })],
  [factorCalls.register, z.strictObject({ answer: passkeyAnswer, name: z.string().trim().min(1).max(60) })],
  [factorCalls.challenge, z.strictObject({})],
  [factorCalls.signIn, z.strictObject({ answer: passkeyAnswer })],
  [factorCalls.proveAgain, z.strictObject({ code: secondFactorCode.shape.code, answer: passkeyAnswer }).partial()],
])

/** More than the longest honest body: an address, a password of 256 characters, a few words. */
const bodyLimitChars = 4096
/** A passkey's answer with post-quantum keys (ML-DSA-44, FIPS 204: 1,312 bytes of key, 2,420 of signature) is some 8,000 characters. */
const passkeyBodyLimitChars = 32_768

/** Headers by which a caller could make up who they are; nothing behind this door may see them. */
const forwardingHeaders = ['x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'forwarded', 'x-real-ip']

/** What stands behind the door. */
export interface DoorDeps {
  auth: BetterAuthHere
  limit: SignInLimit
  audit: AccessAudit
  pool: Pool
  now: () => number
  /** Turns a typed recovery code into what is kept of it. */
  hashOfRecoveryCode(code: string): string
  /** Addresses of the console beside the one that a request itself is sent to; needed behind a proxy that rewrites Host. */
  origins: readonly string[]
}

/**
 * Answers requests under `/auth`: same origin, a closed list of calls, limits before any password is looked at. What they
 * do to an account is written down before the answer, and with it the session's cookie, leaves.
 */
export async function answerAtDoor(deps: DoorDeps, request: Request, from: RequestOrigin): Promise<Response> {
  const url = new URL(request.url)
  const call = url.pathname.slice(signInBasePath.length)
  const schema = openCalls.get(call)
  if (schema === undefined || request.method !== 'POST') return refusal(404, 'NOT_FOUND')
  if (!isOwnOrigin(request.headers.get('origin'), url.host, deps.origins)) return refusal(403, 'FOREIGN_ORIGIN')
  const body = await request.text()
  const bringsPasskey = call.startsWith('/passkey/') || call === factorCalls.proveAgain
  if (body.length > (bringsPasskey ? passkeyBodyLimitChars : bodyLimitChars)) return refusal(413, 'TOO_LARGE')
  const parsed = schema.safeParse(jsonOf(body))
  if (!parsed.success) return refusal(400, 'INVALID_BODY')
  const said = parsed.data
  if (call === '/two-factor/verify-backup-code') said['code'] = deps.hashOfRecoveryCode(said['code'] ?? '')
  const cleaned = new Request(url, {
    method: 'POST',
    headers: cleanHeaders(request.headers),
    body: JSON.stringify(said),
  })
  return withBrowserLifetime(await answerCall(deps, { call, said, request: cleaned }, from))
}

/** A request that may pass: its call, what it says, and itself without what a caller could make up. */
interface OpenedCall {
  call: string
  said: Record<string, string | undefined>
  request: Request
}

async function answerCall(deps: DoorDeps, opened: OpenedCall, from: RequestOrigin): Promise<Response> {
  const { call, said, request } = opened
  const email = said['email']
  if (email !== undefined) return await signIn(deps, request, { email, ...from })
  if (call === factorCalls.challenge || call === factorCalls.signIn) {
    const answer = await deps.limit.takeAtDoor('passkey', from.peerAddress ?? null)
    if (!answer.allowed) return tooManyTries(answer.retryAfterS)
  }
  return call === factorCalls.signIn ? await signInByPasskey(deps, opened, from) : await carryOn(deps, opened, from)
}

const signedInAnswer = z.object({ userId: z.string() })

/** Who it was is known by the answer; who it claimed to be when it failed, by the credential that was named. */
async function signInByPasskey(
  { auth, audit, pool }: DoorDeps,
  { said, request }: OpenedCall,
  { requestId }: RequestOrigin,
): Promise<Response> {
  const response = await auth.handler(request)
  if (response.ok) {
    const { userId } = signedInAnswer.parse(await response.clone().json())
    await audit.record({ userId, action: 'signed-in', requestId })
  } else if (response.status < 500) {
    const named = credentialNamed(jsonOf(said['answer'] ?? ''))
    const passkey = named === null ? null : await findPasskey(pool, named)
    if (passkey !== null) await audit.record({ userId: passkey.userId, action: 'sign-in-failed', requestId })
  }
  return response
}

async function signIn(
  { auth, limit, audit, pool }: DoorDeps,
  request: Request,
  { email, peerAddress, requestId }: RequestOrigin & { email: string },
): Promise<Response> {
  const userId = await userIdOf(pool, email)
  const note = async (action: AccessAction) => {
    if (userId !== null) await audit.record({ userId, action, requestId })
  }
  const attempt = { email, peerAddress: peerAddress ?? null }
  const answer = await limit.take(attempt)
  if (!answer.allowed) {
    if (answer.justClosed) await note('sign-in-locked')
    return tooManyTries(answer.retryAfterS)
  }
  const response = await auth.handler(request)
  if (response.ok) {
    await limit.forgive(attempt)
    if (!secondFactorAsked.safeParse(await response.clone().json()).success) await note('signed-in')
  } else if (response.status < 500) await note('sign-in-failed')
  return response
}

/** The answer to the right password of somebody who has a second factor: nobody is signed in yet. */
const secondFactorAsked = z.object({ twoFactorRedirect: z.literal(true) })

/** Every call but the sign-in by password: what it did to whom is told by its answer and by who made it. */
async function carryOn(
  deps: DoorDeps,
  { call, said, request }: OpenedCall,
  { requestId }: RequestOrigin,
): Promise<Response> {
  const { auth, audit, pool } = deps
  const person = await personBehind(auth, request.headers)
  const response =
    person === null ? await auth.handler(request) : await carryOnFor(deps, { call, said, request }, person)
  const action = person === null ? null : actionOf(call, person, response.status)
  if (person === null || action === null) return response
  const { userId } = person
  await audit.record({ userId, action, requestId })
  if (action === 'sign-in-failed' && (await isSecondFactorLocked(pool, userId))) {
    await audit.record({ userId, action: 'sign-in-locked', requestId })
  }
  return response
}

/** What the person behind a session can be guessed by is counted: the password, and codes asked for again. */
async function carryOnFor(
  { auth, limit, pool, now }: DoorDeps,
  { call, said, request }: OpenedCall,
  { userId, signedIn }: SessionPerson,
): Promise<Response> {
  if (call === '/two-factor/verify-totp') {
    const { secretConfig } = await auth.$context
    const worth = await spendCode({ secretConfig, pool, now }, userId, said['code'] ?? '')
    if (worth === 'spent') return refusal(401, 'CODE_SPENT')
  }
  const guess = call === factorCalls.proveAgain ? 'prove-again' : said['password'] === undefined ? null : 'own-password'
  if (!signedIn || guess === null) return await auth.handler(request)
  const attempt = { email: `${guess}:${userId}`, peerAddress: null }
  const answer = await limit.take(attempt)
  if (!answer.allowed) return tooManyTries(answer.retryAfterS)
  const response = await auth.handler(request)
  if (response.ok) await limit.forgive(attempt)
  return response
}

/** What a call did to the account of its maker; null for nothing, as when a code is given to a closed second factor. */
function actionOf(call: string, { signedIn }: SessionPerson, status: number): AccessAction | null {
  if (status >= 400) return !signedIn && status < 500 && status !== 429 ? 'sign-in-failed' : null
  if (!signedIn) return call.startsWith('/two-factor/verify-') ? 'signed-in' : null
  return actionsOfSignedIn[call] ?? null
}

const actionsOfSignedIn: Record<string, AccessAction> = {
  '/sign-out': 'signed-out',
  '/two-factor/enable': 'second-factor-begun',
  '/two-factor/verify-totp': 'second-factor-set-up',
  '/two-factor/verify-backup-code': 'recovery-code-used',
  '/two-factor/generate-backup-codes': 'recovery-codes-renewed',
  [factorCalls.register]: 'passkey-added',
  [factorCalls.proveAgain]: 'second-factor-proved',
}

/** Browsers send the origin with every POST; a page of another site cannot choose it. */
function isOwnOrigin(origin: string | null, host: string, origins: readonly string[]): boolean {
  if (origin === null || !URL.canParse(origin)) return false
  return new URL(origin).host === host || origins.includes(origin)
}

function cleanHeaders(headers: Headers): Headers {
  const cleaned = new Headers(headers)
  for (const name of forwardingHeaders) cleaned.delete(name)
  cleaned.delete('content-length')
  cleaned.set('content-type', 'application/json')
  return cleaned
}

/** The value of a JSON text; undefined when it is none. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (fault) {
    if (fault instanceof SyntaxError) return undefined
    throw fault
  }
}

/**
 * Session cookies live as long as the browser is open: better-auth gives them the idle limit as their age, but sessions
 * are prolonged by calls whose answers carry no cookie. When a session ends is decided in the database alone.
 */
function withBrowserLifetime(response: Response): Response {
  const cookies = response.headers.getSetCookie()
  if (cookies.length === 0) return response
  const headers = new Headers(response.headers)
  headers.delete('set-cookie')
  for (const cookie of cookies) headers.append('set-cookie', cookie.replace(`; Max-Age=${idleLimitMs / 1000}`, ''))
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers })
}

function tooManyTries(retryAfterS: number): Response {
  return Response.json(
    { code: 'TOO_MANY_TRIES', message: 'Wait before trying again', retryAfterS },
    { status: 429, headers: { 'retry-after': String(retryAfterS) } },
  )
}

function refusal(status: number, code: string): Response {
  return Response.json({ code }, { status })
}
