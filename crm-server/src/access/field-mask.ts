import type { MaskedField } from '@yizhan/contracts/access'
import { maskIdNumber, maskPhone } from '@yizhan/rules/patient/mask-digits'
import { maskName } from '@yizhan/rules/patient/mask-name'
import type { Resource } from './policy-table.ts'
import { reachOf, type Who } from './reach.ts'

/** Shows the fields of a resource as its reader may see them: open, or masked by the policy table. */
export type FieldMask = (field: MaskedField, value: string) => string

const maskOf: Record<MaskedField, (value: string) => string> = {
  name: maskName,
  phone: maskPhone,
  'id-number': maskIdNumber,
  address: () => '***',
}

/** The mask of a resource for whoever reads it; who has no right to read it is shown every field masked. */
export function fieldMask(who: Who, resource: Resource): FieldMask {
  const fields = reachOf(who).masked[resource]
  return (field, value) => (fields === undefined || fields.includes(field) ? maskOf[field](value) : value)
}
