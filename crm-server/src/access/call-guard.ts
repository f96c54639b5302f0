import type { WhoAmI } from '@yizhan/contracts/access'
import { type CallRight, isAllowed, rightOfCall } from './call-right.ts'
import { type Reach, reachOfCall } from './reach.ts'

/** What the policy table says to a call: how far it reaches, or why it is not made. */
export type CallVerdict = { allowed: true; reach: Reach } | { allowed: false; why: 'duties-open' | 'not-allowed' }

/** Asks the policy table whether a member of staff may make a call now. A call of signing in itself is not asked about here. */
export function judgeCall(who: WhoAmI, call: string): CallVerdict {
  if (who.duties.length > 0) return { allowed: false, why: 'duties-open' }
  const asked: CallRight | null = rightOfCall(call)
  if (asked === null || !isAllowed(who.roles, asked)) return { allowed: false, why: 'not-allowed' }
  return { allowed: true, reach: reachOfCall(who, asked) }
}
