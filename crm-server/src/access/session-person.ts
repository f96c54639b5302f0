import { parse } from 'hono/utils/cookie'
import type { BetterAuthHere } from './better-auth-setup.ts'

/** Whose call it is: signed in, or past the password and asked for the second factor. */
export interface SessionPerson {
  userId: string
  signedIn: boolean
}

/** As better-auth draws the name of a pending second factor; whoever knows it was given it with the right password. */
const pendingName = /^2fa-[\w-]{20}$/

/** The person behind the cookies of a call under `/auth`; null for nobody. The look prolongs no session. */
export async function personBehind(auth: BetterAuthHere, headers: Headers): Promise<SessionPerson | null> {
  if (!headers.has('cookie')) return null
  const signedIn = await auth.api.getSession({ headers, query: { disableRefresh: true } })
  if (signedIn !== null) return { userId: signedIn.user.id, signedIn: true }
  const { createAuthCookie, internalAdapter } = await auth.$context
  const { name } = createAuthCookie('two_factor')
  const value = parse(headers.get('cookie') ?? '', name)[name] ?? ''
  const pending = value.slice(0, value.lastIndexOf('.'))
  if (!pendingName.test(pending)) return null
  const held = await internalAdapter.findVerificationValue(pending)
  return held === null ? null : { userId: held.value, signedIn: false }
}
