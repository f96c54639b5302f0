import type { WhoAmI } from '@yizhan/contracts/access'

/** What a change of one's own password came to; the refusals are those of the contract. */
export type PasswordChange =
  | { ok: true }
  | { ok: false; error: 'not-signed-in' | 'password-wrong' }
  | { ok: false; error: 'password-too-weak'; why: 'too-short' | 'common' | 'same-as-before' }

/** Why a caller has no hospital to act in: no session at all, or an account that belongs to none. */
export type NobodyKnown = 'not-signed-in' | 'no-membership'

/** What the rest of the centre needs to know of signing in. */
export interface AccessPort {
  /** Answers every request under `/auth`. */
  handle(request: Request): Promise<Response>
  /** Who is behind a request's session cookie, or why nobody is; counts as activity of the session. */
  whoIs(headers: Headers): Promise<WhoAmI | NobodyKnown>
  /** Replaces the one-time password of the session's account and ends its other sessions. */
  setOwnPassword(
    headers: Headers,
    change: { currentPassword: string; newPassword: string },
  ): Promise<PasswordChange>
}
