import { idleLimitMs } from '@yizhan/rules/access/session-limits'
import { type BetterAuthHere, signInBasePath } from './better-auth-setup.ts'
import type { SignInLimit } from './sign-in-limit.ts'

/** The calls of better-auth that the console uses; every other one answers 404, so that what is not used cannot be attacked. */
const openCalls = new Set([
  'POST /sign-in/email',
  'POST /sign-out',
  'POST /two-factor/enable',
  'POST /two-factor/verify-totp',
  'POST /two-factor/verify-backup-code',
])

/** More than the longest honest body: an address, a password of 256 characters, a few words. */
const bodyLimitChars = 4096

/** Headers by which a caller could make up who they are; nothing behind this door may see them. */
const forwardingHeaders = ['x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'forwarded', 'x-real-ip']

/** Answers requests under `/auth`: a closed list of calls, bounded bodies, limits before any password is looked at. */
export async function answerAtDoor(
  auth: BetterAuthHere,
  limit: SignInLimit,
  request: Request,
  peerAddress: string | null,
): Promise<Response> {
  const call = new URL(request.url).pathname.slice(signInBasePath.length)
  if (!openCalls.has(`${request.method} ${call}`)) return refusal(404, 'NOT_FOUND')
  const body = await request.text()
  if (body.length > bodyLimitChars) return refusal(413, 'TOO_LARGE')
  const cleaned = new Request(request.url, { method: 'POST', headers: withoutForwarding(request.headers), body })
  if (call !== '/sign-in/email') return withBrowserLifetime(await auth.handler(cleaned))
  const email = emailIn(body)
  if (email === null) return refusal(400, 'INVALID_EMAIL_OR_PASSWORD')
  const attempt = { email, peerAddress }
  const answer = await limit.take(attempt)
  if (!answer.allowed) return tooManyTries(answer.retryAfterS)
  const response = await auth.handler(cleaned)
  if (response.ok) await limit.forgive(attempt)
  return withBrowserLifetime(response)
}

function withoutForwarding(headers: Headers): Headers {
  const cleaned = new Headers(headers)
  for (const name of forwardingHeaders) cleaned.delete(name)
  cleaned.delete('content-length')
  return cleaned
}

function emailIn(body: string): string | null {
  try {
    const parsed: unknown = JSON.parse(body)
    if (typeof parsed !== 'object' || parsed === null || !('email' in parsed)) return null
    return typeof parsed.email === 'string' ? parsed.email : null
  } catch (fault) {
    if (fault instanceof SyntaxError) return null
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
