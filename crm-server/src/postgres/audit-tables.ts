import type { Defaulted } from './column-types.ts'

/** Keys by which a hospital seals and indexes its fields, wrapped by the centre's own. */
export interface TenantKeyTable {
  tenant_id: string
  purpose: 'field' | 'index'
  key_id: number
  wrapped: Buffer | null
  made_at: Defaulted<Date>
}
