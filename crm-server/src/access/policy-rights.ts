import { type MaskedField, type Role, type RowReach, roles } from '@yizhan/contracts/access'
import { allResources, policyOf } from './policy-table.ts'

/** One right as the page of roles shows it. */
interface PolicyRight {
  resource: string
  verb: string
  role: Role
  reach: RowReach
  masked: MaskedField[]
}

/** The whole policy table as a list of rights, in its own order. */
export function policyRights(): PolicyRight[] {
  return allResources().flatMap((resource) => {
    const { rights, masked = {} } = policyOf(resource)
    return Object.entries(rights).flatMap(([verb, byRole]) =>
      roles.flatMap((role) => {
        const reach = byRole[role]
        if (reach === undefined) return []
        return [
          { resource, verb, role, reach, masked: [...new Set([...(masked.everyone ?? []), ...(masked[role] ?? [])])] },
        ]
      }),
    )
  })
}
