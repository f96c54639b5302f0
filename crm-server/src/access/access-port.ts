import type { WhoAmI } from '@yizhan/contracts/access'

/** Who a request is from, with the two ways of being nobody told apart. */
export type Visitor = { kind: 'not-signed-in' } | { kind: 'no-membership' } | { kind: 'member'; who: WhoAmI }

/** The answer to a new password. */
export type OwnPasswordAnswer =
  | { ok: true }
  | { ok: false; error: 'not-signed-in' | 'password-wrong' }
  | { ok: false; error: 'password-too-weak'; why: 'too-short' | 'common' | 'same-as-before' }

/** What the rest of the centre asks of sign-in: it mounts the answers under `/auth` and learns who a request is from. */
export interface AccessPort {
  /**
   * Answers a request under `/auth`. `peerAddress` is the address of the connection itself, never a forwarded header;
   * without it all callers share the limits of one unknown address.
   */
  handle(request: Request, peerAddress?: string): Promise<Response>
  /** Who the session cookie in these headers belongs to; null when nobody is signed in or no hospital knows them. */
  whoIs(headers: Headers): Promise<WhoAmI | null>
  /** As `whoIs`, but says which of the two refusals of `access.whoAmI` it is. */
  visitorOf(headers: Headers): Promise<Visitor>
  /** Carries out `access.setOwnPassword`: replaces the signed-in person's password, ends their other sessions. */
  setOwnPassword(headers: Headers, input: { currentPassword: string; newPassword: string }): Promise<OwnPasswordAnswer>
}
