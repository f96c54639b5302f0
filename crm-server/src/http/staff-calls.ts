import { implement, ORPCError } from '@orpc/server'
import { stepUpNeeded } from '@yizhan/contracts/access'
import { centreContract } from '@yizhan/contracts/centre'
import type { Visitor } from '../access/access-port.ts'
import { type CallVerdict, judgeCall } from '../access/call-guard.ts'
import { grantingRoles } from '../access/call-right.ts'
import type { CentreDb } from '../postgres/database.ts'
import { SealBroken } from '../tenant/field-seal.ts'
import type { Caller } from '../tenant/tenant-scope.ts'
import { noteDamage, noteRefusal, noteVisit } from './call-audit.ts'
import { refuseUnstorable } from './storable-text.ts'

/** What is known of a request of staff before its call is looked at. */
export interface StaffContext {
  visitor: Visitor
  headers: Headers
  requestId: string
}

/**
 * The calls of staff as they are to be served: `staff` ones know who makes them and how far this person sees. What they were
 * not given, by the policy table or because it is not in their hospital or reach, is written down.
 */
export function staffCalls({ db, now }: { db: CentreDb; now: () => number }) {
  const os = implement(centreContract).$context<StaffContext>()
  const staff = os.use(async ({ context, path, next }, input) => {
    const call = path.join('.')
    const { caller, refusal } = actingMember(context, call, now())
    if (refusal !== null) {
      if (refusal === 'not-allowed') await noteRefusal(db, caller, { call, status: 403, input })
      if (refusal === 'step-up-needed') throw stepUp()
      throw new ORPCError('FORBIDDEN', { message: refusal })
    }
    refuseUnstorable(input)
    await noteVisit(db, caller, context.visitor, call)
    try {
      return await next({ context: { staff: caller } })
    } catch (error) {
      throw await writtenDown(db, caller, { call, input, error })
    }
  })
  return { os, staff }
}
export type StaffCalls = ReturnType<typeof staffCalls>['staff']
export type StaffRouter = ReturnType<typeof staffCalls>['os']

/** The refusal of a deed of weight until its maker has proved the second factor again, as the contract names it. */
function stepUp(): ORPCError<'step-up-needed', unknown> {
  return new ORPCError('step-up-needed', { ...stepUpNeeded['step-up-needed'], defined: true })
}

/** The answer to an operation id that was used for something else before. */
export function reused(): ORPCError<'CONFLICT', unknown> {
  return new ORPCError('CONFLICT', { message: 'This operationId was already used for something else' })
}

/** What to answer to a call that failed, once what has to be written down about it is. */
async function writtenDown(
  db: CentreDb,
  caller: Caller,
  { call, input, error }: { call: string; input: unknown; error: unknown },
): Promise<unknown> {
  if (error instanceof SealBroken) {
    await noteDamage(db, caller, error.place)
    const message =
      'A protected value of this record does not open: nothing was changed, and the audit trail says which'
    return new ORPCError('PROTECTED_FIELD_DAMAGED', { status: 409, message })
  }
  const status = error instanceof ORPCError ? error.status : 500
  if (status === 403 || status === 404) await noteRefusal(db, caller, { call, status, input })
  return error
}

/** The member of staff who makes a call and why they may not; throws when nobody known makes it. */
function actingMember(
  { visitor, requestId }: StaffContext,
  call: string,
  nowMs: number,
): { caller: Caller; refusal: Extract<CallVerdict, { allowed: false }>['why'] | null } {
  if (visitor.kind === 'not-signed-in') throw new ORPCError('UNAUTHORIZED', { message: 'Sign in first' })
  if (visitor.kind === 'no-membership')
    throw new ORPCError('FORBIDDEN', { message: 'This account belongs to no hospital' })
  const { tenantId, userId } = visitor.who
  const verdict = judgeCall(visitor, call, nowMs)
  const caller: Caller = {
    tenantId,
    nowMs,
    actor: { kind: 'user', id: userId, requestId, roles: grantingRoles(visitor.who.roles, call) },
  }
  if (!verdict.allowed) return { caller, refusal: verdict.why }
  return { caller: { ...caller, reach: verdict.reach }, refusal: null }
}
