import { type MaskedField, type Role, type RowReach, rowReaches, type WhoAmI } from '@yizhan/contracts/access'
import type { CallRight } from './call-right.ts'
import { allResources, machineResources, policyOf, type Resource } from './policy-table.ts'

/** Which rows one acting person or machine sees and writes, and which fields of them it is shown masked. */
export interface Reach {
  /** The resources that each kind of reach is given for; several add up. */
  resources: Readonly<Record<RowReach, readonly Resource[]>>
  siteIds: readonly string[]
  departmentIds: readonly string[]
  /** The account that acts and its roles, by which to-dos and notices are addressed; none for machines. */
  readerId: string
  readerRoles: readonly Role[]
  /** The person of the staff list who acts; null for accounts without one, and for machines. */
  staffId: string | null
  masked: Readonly<Partial<Record<Resource, readonly MaskedField[]>>>
}

/** Who works in a transaction: their hospital, what they are, and how far they see when they are a person. */
export interface Acting {
  tenantId: string
  actor: { kind: 'user' | 'station' | 'system' }
  /** Left out by machines, which have the reach of their kind; a person without one sees nothing. */
  reach?: Reach | undefined
}

/** A hospital's id, standing for the centre's own work in it, or whoever works there. */
export type Who = string | Acting

/** The hospital in which somebody works. */
export function tenantOf(who: Who): string {
  return typeof who === 'string' ? who : who.tenantId
}

/** How far whoever acts sees. */
export function reachOf(who: Who): Reach {
  if (typeof who === 'string') return machineReach('system')
  if (who.reach !== undefined) return who.reach
  return who.actor.kind === 'user' ? noReach : machineReach(who.actor.kind)
}

/** Nothing at all: what a person has for whom no right was worked out. */
const noReach: Reach = {
  resources: { own: [], assigned: [], department: [], site: [], hospital: [] },
  siteIds: [],
  departmentIds: [],
  readerId: '',
  readerRoles: [],
  staffId: null,
  masked: {},
}

/** The reach of the hospital's machines: `station` for its stations, `system` for the centre's own loops. */
function machineReach(machine: 'station' | 'system'): Reach {
  return { ...noReach, resources: { ...noReach.resources, hospital: machineResources[machine] } }
}

/**
 * The reach of a person in one call: with the resource of the call as far as the call's own right goes, with every other
 * resource as far as reading goes.
 */
export function reachOfCall(
  who: Pick<WhoAmI, 'roles' | 'siteIds' | 'departmentIds' | 'staffId'> & { userId?: string },
  call: CallRight,
): Reach {
  const resources: Record<RowReach, Resource[]> = { own: [], assigned: [], department: [], site: [], hospital: [] }
  const masked: Partial<Record<Resource, readonly MaskedField[]>> = {}
  for (const resource of allResources()) {
    const granted = grantsOf(who.roles, resource, resource === call.resource ? call.verb : 'read')
    for (const { reach } of granted) if (!resources[reach].includes(resource)) resources[reach].push(resource)
    masked[resource] = masksOf(granted, resource)
  }
  const { siteIds, departmentIds, staffId, userId = '', roles } = who
  return { resources, siteIds, departmentIds, readerId: userId, readerRoles: roles, staffId, masked }
}

interface Grant {
  role: Role
  reach: RowReach
}

function grantsOf(roles: readonly Role[], resource: Resource, verb: string): Grant[] {
  const rights = policyOf(resource).rights[verb] ?? {}
  return roles.flatMap((role) => {
    const reach = rights[role]
    return reach === undefined ? [] : [{ role, reach }]
  })
}

/**
 * What is masked for somebody of several roles: what those roles mask that reach furthest. A narrow right to the open field
 * must not open it in the rows that only the wide right reaches.
 */
function masksOf(granted: readonly Grant[], resource: Resource): readonly MaskedField[] {
  const { masked = {} } = policyOf(resource)
  const furthest = Math.max(...granted.map(({ reach }) => rowReaches.indexOf(reach)))
  const roles = granted.filter(({ reach }) => rowReaches.indexOf(reach) === furthest).map(({ role }) => role)
  const ofRoles = roles.map((role) => masked[role] ?? [])
  const byAll = (ofRoles[0] ?? []).filter((field) => ofRoles.every((fields) => fields.includes(field)))
  return [...new Set([...(masked.everyone ?? []), ...byAll])]
}
