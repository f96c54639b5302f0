import type { WhoAmI } from '@yizhan/contracts/access'
import type { OwnAccountPort } from './own-account.ts'

/** A member of staff who is signed in. */
export interface Member {
  who: WhoAmI
  /** The session by which they are; its id is no secret and opens nothing. */
  sessionId: string
  /** When this session last saw a second factor; null for never. */
  factorProvedAtMs: number | null
}

/** Who a request is from, with the two ways of being nobody told apart. */
export type Visitor = { kind: 'not-signed-in' } | { kind: 'no-membership' } | ({ kind: 'member' } & Member)

/** A new password, the one that it replaces, and the request that it came in. */
export interface NewOwnPassword {
  currentPassword: string
  newPassword: string
  requestId: string
}

/** The answer to a new password. */
export type OwnPasswordAnswer =
  | { ok: true }
  | { ok: false; error: 'not-signed-in' | 'password-wrong' }
  | { ok: false; error: 'password-too-weak'; why: 'too-short' | 'too-plain' | 'common' | 'same-as-before' }

/** Where a request came from. */
export interface RequestOrigin {
  /** The address of the connection itself, never a forwarded header; without it all share the limits of one unknown address. */
  peerAddress?: string | undefined
  /** The same id stands in the log and in the audit trail. */
  requestId: string
}

/** What the rest of the centre asks of sign-in: it mounts the answers under `/auth` and learns who a request is from. */
export interface AccessPort {
  /** Answers a request under `/auth`. */
  handle(request: Request, from: RequestOrigin): Promise<Response>
  /** Who the session cookie in these headers belongs to; null when nobody is signed in or no hospital knows them. */
  whoIs(headers: Headers): Promise<WhoAmI | null>
  /** As `whoIs`, but says which of the two refusals of `access.whoAmI` it is. */
  visitorOf(headers: Headers): Promise<Visitor>
  /** Carries out `access.setOwnPassword`: replaces the signed-in person's password, ends their other sessions. */
  setOwnPassword(headers: Headers, input: NewOwnPassword): Promise<OwnPasswordAnswer>
  own: OwnAccountPort
}
