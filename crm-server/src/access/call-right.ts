import type { Role } from '@yizhan/contracts/access'
import type { centreContract } from '@yizhan/contracts/centre'
import { allResources, policyOf, type Resource, type VerbOf } from './policy-table.ts'

type Contract = typeof centreContract
/** The name of a call of staff, `appointment.create`. */
export type CallName = {
  [Feature in keyof Contract]: `${Feature}.${Extract<keyof Contract[Feature], string>}`
}[keyof Contract]

/** What a call asks of the policy table: one thing with one resource. */
export interface CallRight {
  resource: Resource
  verb: string
}

/** Every call of staff and what it asks of the policy table; `signing-in` belongs to signing in itself and asks for no role. */
const callRights: Record<CallName, CallRight | 'signing-in'> = {
  'access.whoAmI': 'signing-in',
  'access.setOwnPassword': 'signing-in',
  'access.ownAccount': 'signing-in',
  'access.endSession': 'signing-in',
  'access.endOtherSessions': 'signing-in',
  'access.removePasskey': 'signing-in',
  'access.removeAuthenticator': 'signing-in',
  'access.policy': right('policy', 'read'),
  'account.list': right('account', 'read'),
  'account.create': right('account', 'manage'),
  'account.change': right('account', 'manage'),
  'account.setDisabled': right('account', 'manage'),
  'account.reset': right('account', 'manage'),
  'appointment.create': right('booking', 'create'),
  'appointment.cancel': right('booking', 'change'),
  'appointment.reschedule': right('booking', 'change'),
  'appointment.day': right('booking', 'read'),
  'appointment.conflicts': right('booking', 'read'),
  'appointment.settleConflict': right('booking', 'settle-conflict'),
  'attachment.read': right('attachment', 'read'),
  'customer.list': right('customer', 'read'),
  'customer.find': right('customer', 'read'),
  'customer.read': right('customer', 'read'),
  'customer.timeline': right('customer', 'read'),
  'customer.create': right('customer', 'create'),
  'customer.change': right('customer', 'change'),
  'customer.add': right('customer', 'change'),
  'customer.addHealth': right('health-record', 'change'),
  'customer.end': right('customer', 'change'),
  'customer.endHealth': right('health-record', 'change'),
  'customer.duplicates': right('customer', 'merge'),
  'customer.dismissDuplicate': right('customer', 'merge'),
  'customer.merge': right('customer', 'merge'),
  'customer.unmerge': right('customer', 'merge'),
  'audit.list': right('audit', 'read'),
  'audit.state': right('audit', 'read'),
  'event.consumers': right('job', 'read'),
  'event.retry': right('job', 'manage'),
  'event.replayCount': right('job', 'manage'),
  'event.replay': right('job', 'manage'),
  'fleet.list': right('station', 'read'),
  'fleet.enrol': right('station', 'manage'),
  'fleet.deviceHistory': right('station', 'read'),
  'fleet.slips': right('slip', 'read'),
  'fleet.settleSlip': right('slip', 'settle'),
  'fleet.acknowledgeAlarm': right('station', 'acknowledge'),
  'fleet.setAsideEvents': right('station', 'read'),
  'fleet.replayEvents': right('station', 'manage'),
  'fleet.settleEvent': right('station', 'manage'),
  'fleet.revoke': right('station', 'revoke'),
  'fleet.rotateKey': right('station', 'manage'),
  'fleet.identityHistory': right('station', 'manage'),
  'fleet.feedFile': right('feed-file', 'export'),
  'groupCustomer.list': right('group-customer', 'read'),
  'groupCustomer.read': right('group-customer', 'read'),
  'groupCustomer.create': right('group-customer', 'change'),
  'groupCustomer.change': right('group-customer', 'change'),
  'groupCustomer.addContact': right('group-customer', 'change'),
  'groupCustomer.addMember': right('group-customer', 'change'),
  'groupCustomer.end': right('group-customer', 'change'),
  'groupCustomer.addResults': right('health-record', 'record-results'),
  'job.queues': right('job', 'read'),
  'job.retry': right('job', 'manage'),
  'job.runNow': right('job', 'manage'),
  'notice.inbox': right('notice', 'read'),
  'notice.counts': right('notice', 'read'),
  'notice.read': right('notice', 'read'),
  'notice.published': right('notice', 'publish'),
  'notice.publish': right('notice', 'publish'),
  'notice.withdraw': right('notice', 'publish'),
  'notice.receipts': right('notice', 'publish'),
  'organisation.tree': right('organisation', 'read'),
  'organisation.putDepartment': right('organisation', 'manage'),
  'organisation.putPost': right('organisation', 'manage'),
  'pairing.find': right('station', 'manage'),
  'pairing.approve': right('station', 'manage'),
  'pairing.refuse': right('station', 'manage'),
  'receipt.find': right('station', 'read'),
  'staff.list': right('staff', 'read'),
  'staff.put': right('staff', 'manage'),
  'staff.setPhoto': right('staff', 'manage'),
  'staff.photo': right('staff', 'read'),
  'staff.codes': right('service-code', 'read'),
  'staff.issueCode': right('service-code', 'manage'),
  'staff.retireCode': right('service-code', 'manage'),
  'staff.setPanelPin': right('service-code', 'manage'),
  'staff.setPanelCard': right('service-code', 'manage'),
  'staff.showNames': right('service-code', 'manage'),
  'staff.wardDay': right('staff', 'read'),
  'staff.assignWard': right('staff', 'assign-ward'),
  'tenant.structure': right('structure', 'read'),
  'todo.list': right('todo', 'read'),
  'todo.counts': right('todo', 'read'),
  'todo.history': right('todo', 'read'),
  'todo.addressees': right('todo', 'read'),
  'todo.create': right('todo', 'handle'),
  'todo.forward': right('todo', 'handle'),
  'todo.close': right('todo', 'handle'),
}

/** What a call asks for; null when it belongs to signing in or is no call at all. */
export function rightOfCall(call: string): CallRight | null {
  const asked = isCallName(call) ? callRights[call] : 'signing-in'
  return asked === 'signing-in' ? null : asked
}

/** Whether some of these roles have a right. */
export function isAllowed(roles: readonly Role[], { resource, verb }: CallRight): boolean {
  const rights = policyOf(resource).rights[verb]
  return rights !== undefined && roles.some((role) => rights[role] !== undefined)
}

/** Those of a person's roles that a call is granted by; all of them for a call that asks for no right. */
export function grantingRoles(roles: readonly Role[], call: string): Role[] {
  const asked = rightOfCall(call)
  const rights = asked === null ? undefined : policyOf(asked.resource).rights[asked.verb]
  return roles.filter((role) => asked === null || rights?.[role] !== undefined)
}

/** The calls that these roles may make, beside those of signing in. */
export function callsOf(roles: readonly Role[]): CallName[] {
  return Object.keys(callRights)
    .filter(isCallName)
    .filter((call) => {
      const asked = rightOfCall(call)
      return asked !== null && isAllowed(roles, asked)
    })
}

/** Whether these roles hold a right that is worth a second factor. */
export function needsSecondFactor(roles: readonly Role[]): boolean {
  return allResources().some((resource) =>
    (policyOf(resource).secondFactor ?? []).some((verb) => isAllowed(roles, { resource, verb })),
  )
}

/** Whether each use of a right asks for a second factor that was proved lately. */
export function asksForProof({ resource, verb }: CallRight): boolean {
  return policyOf(resource).proveAgain?.includes(verb) ?? false
}

function right<R extends Resource>(resource: R, verb: VerbOf<R>): CallRight {
  return { resource, verb }
}

function isCallName(call: string): call is CallName {
  return Object.hasOwn(callRights, call)
}
