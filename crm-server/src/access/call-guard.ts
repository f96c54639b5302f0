import { isProofFresh } from '@yizhan/rules/access/session-limits'
import type { Member } from './access-port.ts'
import { asksForProof, type CallRight, isAllowed, rightOfCall } from './call-right.ts'
import { type Reach, reachOfCall } from './reach.ts'

/** What the policy table says to a call: how far it reaches, or why it is not made. */
export type CallVerdict =
  | { allowed: true; reach: Reach }
  | { allowed: false; why: 'duties-open' | 'not-allowed' | 'step-up-needed' }

/** Asks the policy table whether a member of staff may make a call now. A call of signing in itself is not asked about here. */
export function judgeCall({ who, factorProvedAtMs }: Member, call: string, nowMs: number): CallVerdict {
  if (who.duties.length > 0) return { allowed: false, why: 'duties-open' }
  const asked: CallRight | null = rightOfCall(call)
  if (asked === null || !isAllowed(who.roles, asked)) return { allowed: false, why: 'not-allowed' }
  if (asksForProof(asked) && !isProofFresh(factorProvedAtMs, nowMs)) return { allowed: false, why: 'step-up-needed' }
  return { allowed: true, reach: reachOfCall(who, asked) }
}
