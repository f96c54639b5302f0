import { implement, ORPCError } from '@orpc/server'
import { centreContract } from '@yizhan/contracts/centre'
import type { AccessPort, Visitor } from '../access/access-port.ts'
import { cancelBooking, createBooking, rescheduleBooking } from '../appointment/appointment.ts'
import { readDayBoard } from '../appointment/day-board.ts'
import { listDeviceChanges } from '../fleet/device-history.ts'
import { enrolStation, listStations, revokeStation } from '../fleet/fleet.ts'
import type { CentreDb } from '../postgres/database.ts'
import { listSlips, settleSlip } from '../printing/slip.ts'
import type { KeyRing } from '../tenant/key-ring.ts'
import { readStructure } from '../tenant/tenant.ts'
import type { Caller } from '../tenant/tenant-scope.ts'
import { callRefusal, isSignInCall } from './call-permission.ts'
import { refuseUnstorable } from './storable-text.ts'

/** What the calls of staff work with. */
export interface CentreRouterDeps {
  db: CentreDb
  keys: KeyRing
  access: Pick<AccessPort, 'setOwnPassword'>
  now: () => number
}

/** What is known of a request of staff before its call is looked at. */
export interface StaffContext {
  visitor: Visitor
  headers: Headers
  requestId: string
}

/** The calls of staff. Each acts in the hospital of the caller's membership; no call can name another. */
export function createCentreRouter(deps: CentreRouterDeps) {
  const { db, keys, now } = deps
  const os = implement(centreContract).$context<StaffContext>()
  const staff = os.use(({ context, path, next }, input) => {
    const staff = actingMember(context, path, now())
    refuseUnstorable(input)
    return next({ context: { staff } })
  })
  return os.router({
    access: {
      whoAmI: os.access.whoAmI.handler(({ context, errors }) => {
        if (context.visitor.kind !== 'member') throw errors[context.visitor.kind]()
        return context.visitor.who
      }),
      setOwnPassword: os.access.setOwnPassword.handler(async ({ input, context, errors }) => {
        const answer = await deps.access.setOwnPassword(context.headers, { ...input, requestId: context.requestId })
        if (answer.ok) return { changed: true } as const
        if (answer.error === 'password-too-weak') throw errors['password-too-weak']({ data: { why: answer.why } })
        throw errors[answer.error]()
      }),
    },
    appointment: {
      create: staff.appointment.create.handler(async ({ input, context, errors }) => {
        const outcome = await createBooking({ db, keys }, context.staff, input)
        if (outcome.ok) return outcome.value
        throw outcome.error === 'operation-reused' ? reused() : errors[outcome.error]()
      }),
      cancel: staff.appointment.cancel.handler(async ({ input, context, errors }) => {
        const outcome = await cancelBooking({ db, keys }, context.staff, input)
        if (outcome.ok) return outcome.value
        throw outcome.error === 'operation-reused' ? reused() : errors[outcome.error]()
      }),
      reschedule: staff.appointment.reschedule.handler(async ({ input, context, errors }) => {
        const outcome = await rescheduleBooking({ db, keys }, context.staff, input)
        if (outcome.ok) return outcome.value
        throw outcome.error === 'operation-reused' ? reused() : errors[outcome.error]()
      }),
      day: staff.appointment.day.handler(({ input, context }) =>
        readDayBoard(db, context.staff.tenantId, input, context.staff.nowMs),
      ),
    },
    fleet: {
      list: staff.fleet.list.handler(async ({ context }) => {
        const { tenantId, nowMs } = context.staff
        return { stations: await listStations(db, tenantId, nowMs), asOf: nowMs }
      }),
      enrol: staff.fleet.enrol.handler(async ({ input, context, errors }) => {
        const outcome = await enrolStation(db, context.staff, input)
        if (outcome.ok) return outcome.value
        throw outcome.error === 'operation-reused' ? reused() : errors[outcome.error]()
      }),
      deviceHistory: staff.fleet.deviceHistory.handler(async ({ input, context, errors }) => {
        const { tenantId, nowMs } = context.staff
        const outcome = await listDeviceChanges(db, tenantId, input.stationId)
        if (!outcome.ok) throw errors[outcome.error]()
        return { changes: outcome.value, asOf: nowMs }
      }),
      slips: staff.fleet.slips.handler(async ({ context }) => {
        const { tenantId, nowMs } = context.staff
        return { slips: await listSlips(db, tenantId, nowMs), asOf: nowMs }
      }),
      settleSlip: staff.fleet.settleSlip.handler(async ({ input, context, errors }) => {
        const outcome = await settleSlip(db, context.staff, input)
        if (outcome.ok) return outcome.value
        throw outcome.error === 'operation-reused' ? reused() : errors[outcome.error]()
      }),
      revoke: staff.fleet.revoke.handler(async ({ input, context, errors }) => {
        const outcome = await revokeStation(db, context.staff, input)
        if (outcome.ok) return outcome.value
        throw outcome.error === 'operation-reused' ? reused() : errors[outcome.error]()
      }),
    },
    tenant: { structure: staff.tenant.structure.handler(({ context }) => readStructure(db, context.staff.tenantId)) },
  })
}

function reused(): ORPCError<'CONFLICT', unknown> {
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
