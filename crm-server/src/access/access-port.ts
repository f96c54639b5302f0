import type { WhoAmI } from '@yizhan/contracts/access'

/** What the rest of the centre asks of sign-in: it mounts the answers under `/auth` and learns who a request is from. */
export interface AccessPort {
  /**
   * Answers a request under `/auth`. `peerAddress` is the address of the connection itself, never a forwarded header;
   * without it all callers share the limits of one unknown address.
   */
  handle(request: Request, peerAddress?: string): Promise<Response>
  /** Who the session cookie in these headers belongs to; null when nobody is signed in or no hospital knows them. */
  whoIs(headers: Headers): Promise<WhoAmI | null>
}
