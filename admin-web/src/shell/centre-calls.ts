import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/fetch'
import { idleHeader } from '@yizhan/rules/access/session-limits'
import type { CentreClient } from './admin-services.ts'

/** The calls of the centre at the page's own origin; while nobody is at the page they say so and prolong no session. */
export function createCentreClient(origin: string, isAttended: () => boolean): CentreClient {
  return createORPCClient(
    new RPCLink({ url: `${origin}/rpc`, headers: () => (isAttended() ? {} : { [idleHeader]: '1' }) }),
  )
}
