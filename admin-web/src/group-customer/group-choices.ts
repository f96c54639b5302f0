import type { CheckupFlag, GroupContactRole, GroupRelation } from '@yizhan/contracts/group-customer'

/** What groups can be to the hospital. */
export const groupRelations = [
  'prospect',
  'neighbour',
  'contracted',
  'ended',
] as const satisfies readonly GroupRelation[]
/** Who contacts can be at a group. */
export const groupContactRoles = [
  'staff-health',
  'key',
  'finance',
  'other',
] as const satisfies readonly GroupContactRole[]
/** How a result can stand to its reference. */
export const checkupFlags = ['normal', 'low', 'high', 'abnormal', 'critical'] as const satisfies readonly CheckupFlag[]
