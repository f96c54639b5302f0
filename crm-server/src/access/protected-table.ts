import { type RawBuilder, sql } from 'kysely'
import type { Resource } from './policy-table.ts'
import { reachOf, type Who } from './reach.ts'

/** The columns of a table by which its rows belong to a site, a department or a person. */
export interface ScopeColumns {
  site?: string
  department?: string
  /** The staff id whose own the row is. */
  own?: string
  /** The staff id that the row is assigned to. */
  assigned?: string
  /**
   * The staff id that the row says something about, and the moment from which this person may read it: until then no query
   * shows it to them, whatever their roles.
   */
  about?: string
  released?: string
}

/** A table whose rows are protected one by one. */
export interface ProtectedTable {
  resource: Resource
  columns: ScopeColumns
}

/**
 * Every table that shows each person only the rows within their reach. Its migration calls `protect_table` with the same
 * words; a test compares the two.
 */
export const protectedTables: Readonly<Record<string, ProtectedTable>> = {
  booking: {
    resource: 'booking',
    columns: { site: 'site_id', department: 'department_id', own: 'doctor_staff_id' },
  },
  arrival: { resource: 'booking', columns: { site: 'site_id', department: 'department_id' } },
  arrival_conflict: { resource: 'booking', columns: { site: 'site_id', department: 'department_id' } },
  ticket_print: { resource: 'slip', columns: { site: 'site_id' } },
  slip_settlement: { resource: 'slip', columns: { site: 'site_id' } },
  station: { resource: 'station', columns: { site: 'site_id' } },
  person: {
    resource: 'customer',
    columns: {
      site: 'site_id',
      department: 'department_id',
      own: 'doctor_staff_id',
      assigned: 'carer_staff_id',
    },
  },
  group_customer: { resource: 'group-customer', columns: {} },
  group_contact: { resource: 'group-customer', columns: {} },
  staff: { resource: 'staff', columns: { department: 'department_id', own: 'staff_id' } },
}

/**
 * The condition that a row lies within the caller's reach, for the `where` of a query. Row-level security holds without it;
 * with it the planner knows beforehand which site or department is asked for, and takes the index.
 */
export function withinReach(who: Who, table: string, alias = table): RawBuilder<boolean> {
  const reach = reachOf(who)
  const guarded = protectedTables[table]
  if (guarded === undefined) throw new Error(`${table} is not a protected table`)
  const { resource, columns } = guarded
  if (reach.resources.hospital.includes(resource)) return sql<boolean>`true`
  const parts: RawBuilder<boolean>[] = []
  const add = (kind: 'site' | 'department' | 'own' | 'assigned', ids: readonly string[]) => {
    const column = columns[kind]
    if (column === undefined || !reach.resources[kind].includes(resource)) return
    parts.push(sql<boolean>`${sql.ref(`${alias}.${column}`)} = any (${[...ids]}::uuid[])`)
  }
  add('site', reach.siteIds)
  add('department', reach.departmentIds)
  const staff = reach.staffId === null ? [] : [reach.staffId]
  add('own', staff)
  add('assigned', staff)
  return parts.length === 0 ? sql<boolean>`false` : sql<boolean>`(${sql.join(parts, sql` or `)})`
}
