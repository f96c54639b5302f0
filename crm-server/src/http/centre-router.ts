import type { AccessPort } from '../access/access-port.ts'
import { policyRights } from '../access/policy-rights.ts'
import { cancelBooking, createBooking, rescheduleBooking } from '../appointment/appointment.ts'
import { listConflicts, settleConflict } from '../appointment/conflict.ts'
import { readDayBoard } from '../appointment/day-board.ts'
import type { SilenceRule } from '../fleet/standing-alarm.ts'
import type { CentreDb } from '../postgres/database.ts'
import type { KeyRing } from '../tenant/key-ring.ts'
import { readStructure } from '../tenant/tenant.ts'
import { auditCalls } from './audit-calls.ts'
import { customerCalls } from './customer-calls.ts'
import { attachmentCalls, fleetCalls, pairingCalls, receiptCalls } from './fleet-calls.ts'
import { groupCustomerCalls } from './group-customer-calls.ts'
import { accountCalls, organisationCalls, staffListCalls } from './organisation-calls.ts'
import { ownAccountCalls } from './own-account-calls.ts'
import { reused, staffCalls } from './staff-calls.ts'
import { eventCalls, jobCalls, noticeCalls, todoCalls } from './task-calls.ts'

/** What the calls of staff work with. */
export interface CentreRouterDeps {
  db: CentreDb
  keys: KeyRing
  access: Pick<AccessPort, 'setOwnPassword' | 'own'>
  now: () => number
  /** After which silence of a station staff are alarmed; left out, the usual one. */
  silenceRule?: SilenceRule | undefined
}

/** The calls of staff. Each acts in the hospital of the caller's membership; no call can name another. */
export function createCentreRouter(deps: CentreRouterDeps) {
  const { db, keys } = deps
  const { os, staff } = staffCalls(deps)
  return os.router({
    access: {
      ...ownAccountCalls(os, deps),
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
      policy: staff.access.policy.handler(() => ({ rights: policyRights() })),
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
        readDayBoard(db, context.staff, input, context.staff.nowMs),
      ),
      conflicts: staff.appointment.conflicts.handler(async ({ context }) => {
        const { nowMs } = context.staff
        return { rows: await listConflicts(db, context.staff, nowMs), asOf: nowMs }
      }),
      settleConflict: staff.appointment.settleConflict.handler(async ({ input, context, errors }) => {
        const { visitor } = context
        const byName = visitor.kind === 'member' ? visitor.who.displayName : ''
        const outcome = await settleConflict(db, context.staff, input, byName)
        if (outcome.ok) return outcome.value
        throw outcome.error === 'operation-reused' ? reused() : errors[outcome.error]()
      }),
    },
    attachment: attachmentCalls(staff, deps),
    audit: auditCalls(staff, db),
    account: accountCalls(staff, deps),
    customer: customerCalls(staff, deps),
    fleet: fleetCalls(staff, deps),
    groupCustomer: groupCustomerCalls(staff, deps),
    event: eventCalls(staff, db),
    job: jobCalls(staff, db),
    notice: noticeCalls(staff, db),
    organisation: organisationCalls(staff, deps),
    staff: staffListCalls(staff, deps),
    pairing: pairingCalls(staff, deps),
    receipt: receiptCalls(staff, db),
    todo: todoCalls(staff, db),
    tenant: { structure: staff.tenant.structure.handler(({ context }) => readStructure(db, context.staff)) },
  })
}
