import type { Role } from '@yizhan/contracts/access'

const order: Record<Role, number> = {
  administrator: 1,
  'hospital-leader': 2,
  'department-head': 3,
  doctor: 4,
  'follow-up-nurse': 5,
  'front-desk': 6,
  'call-centre-agent': 7,
  'complaint-officer': 8,
  'customer-manager': 9,
  'attendance-clerk': 10,
  researcher: 11,
  'group-auditor': 12,
  'platform-administrator': 13,
}

/** Every role, those of the hospital itself first. */
export const roleNames: readonly Role[] = Object.keys(order)
  .filter((name): name is Role => Object.hasOwn(order, name))
  .sort((one, other) => order[one] - order[other])
