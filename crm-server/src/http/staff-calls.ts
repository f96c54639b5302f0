import { implement, ORPCError } from '@orpc/server'
import { centreContract } from '@yizhan/contracts/centre'
import type { Visitor } from '../access/access-port.ts'
import type { Caller } from '../tenant/tenant-scope.ts'
import { callRefusal, isSignInCall } from './call-permission.ts'
import { refuseUnstorable } from './storable-text.ts'

/** What is known of a request of staff before its call is looked at. */
export interface StaffContext {
  visitor: Visitor
  headers: Headers
  requestId: string
}

/** The calls of staff as they are to be served: `staff` ones know who makes them, and that this person may. */
export function staffCalls(now: () => number) {
  const os = implement(centreContract).$context<StaffContext>()
  const staff = os.use(({ context, path, next }, input) => {
    const staff = actingMember(context, path, now())
    refuseUnstorable(input)
    return next({ context: { staff } })
  })
  return { os, staff }
}
export type StaffCalls = ReturnType<typeof staffCalls>['staff']

/** The answer to an operation id that was used for something else before. */
export function reused(): ORPCError<'CONFLICT', unknown> {
  return new ORPCError('CONFLICT', { message: 'This operationId was already used for something else' })
}

/** The member of staff who makes a call, once they may; throws the refusal otherwise. */
function actingMember(context: StaffContext, path: readonly string[], nowMs: number): Caller {
  const { visitor } = context
  const call = path.join('.')
  if (visitor.kind === 'not-signed-in') throw new ORPCError('UNAUTHORIZED', { message: 'Sign in first' })
  if (visitor.kind === 'no-membership')
    throw new ORPCError('FORBIDDEN', { message: 'This account belongs to no hospital' })
  const refusal = isSignInCall(call) ? null : callRefusal(visitor.who, call)
  if (refusal !== null) throw new ORPCError('FORBIDDEN', { message: refusal })
  const { tenantId, userId } = visitor.who
  return { tenantId, nowMs, actor: { kind: 'user', id: userId, requestId: context.requestId } }
}
