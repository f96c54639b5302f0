import type { AdminMessageKey } from '../catalogue/admin-zh-cn.ts'

const resources: Record<string, AdminMessageKey> = {
  structure: 'policy.resource.structure',
  booking: 'policy.resource.booking',
  station: 'policy.resource.station',
  slip: 'policy.resource.slip',
  'feed-file': 'policy.resource.feed-file',
  attachment: 'policy.resource.attachment',
  organisation: 'policy.resource.organisation',
  staff: 'policy.resource.staff',
  'service-code': 'policy.resource.service-code',
  account: 'policy.resource.account',
  customer: 'policy.resource.customer',
  'health-record': 'policy.resource.health-record',
  'group-customer': 'policy.resource.group-customer',
  todo: 'policy.resource.todo',
  notice: 'policy.resource.notice',
  job: 'policy.resource.job',
  policy: 'policy.resource.policy',
}

const verbs: Record<string, AdminMessageKey> = {
  read: 'policy.verb.read',
  create: 'policy.verb.create',
  change: 'policy.verb.change',
  manage: 'policy.verb.manage',
  acknowledge: 'policy.verb.acknowledge',
  settle: 'policy.verb.settle',
  'settle-conflict': 'policy.verb.settle',
  'assign-ward': 'policy.verb.assign-ward',
  export: 'policy.verb.export',
  handle: 'policy.verb.handle',
  publish: 'policy.verb.publish',
  merge: 'policy.verb.merge',
  'record-results': 'policy.verb.record-results',
  revoke: 'policy.verb.revoke',
}

/** The word for a resource of the policy table; null for one that this console does not know. */
export function resourceWord(resource: string): AdminMessageKey | null {
  return resources[resource] ?? null
}

/** The word for what may be done with it; null for one that this console does not know. */
export function verbWord(verb: string): AdminMessageKey | null {
  return verbs[verb] ?? null
}
