import { sql } from 'kysely'
import type { Resource } from '../access/policy-table.ts'
import { reachOf } from '../access/reach.ts'
import { type CentreDb, inTenant, type TenantTx } from '../postgres/database.ts'
import type { KeyRing } from '../tenant/key-ring.ts'
import { type Caller, inScope, type Outcome, type TenantScope } from '../tenant/tenant-scope.ts'

/** What the deeds on customers work with. */
export interface CustomerDeps {
  db: CentreDb
  keys: KeyRing
}

/** A member of staff with the name that their entries will bear. */
export interface NamedCaller extends Caller {
  byName: string
}

/** The kinds of things that belong to a person, each a resource of the policy table. */
type PersonResource = 'customer' | 'health-record'

/** Whether the right of whoever acts in a transaction to a kind of thing reaches over all of these persons. */
export async function reachesPersons(
  tx: TenantTx,
  tenantId: string,
  { resource, personIds }: { resource: PersonResource; personIds: readonly string[] },
): Promise<boolean> {
  const { rows } = await sql<{ all: boolean | null }>`
    select bool_and(reaches_person(${resource}, ${tenantId}, id)) as all from unnest(${[...personIds]}::uuid[]) as id`.execute(
    tx,
  )
  return rows[0]?.all ?? false
}

/** What belongs to persons: what moves with a merge, and what a new file is compared with. */
const ofPersons: readonly Resource[] = ['customer', 'health-record', 'group-customer', 'booking']

/**
 * A caller who, for one deed, reaches everything that belongs to persons in the whole hospital, and nothing else more than
 * before: the search for duplicates must find a file that its maker may not see.
 */
export function overPersons<C extends Caller>(caller: C): C {
  const reach = reachOf(caller)
  const hospital = [...new Set([...reach.resources.hospital, ...ofPersons])]
  return { ...caller, reach: { ...reach, resources: { ...reach.resources, hospital } } }
}

/**
 * A deed on persons whom the caller's right reaches. The deed itself reaches over all persons: a merge that left behind
 * what its maker may not see would lose it, and a visit may hand a person on to another department.
 */
export async function inPersonScope<Value, Refusal extends string>(
  { db }: Pick<CustomerDeps, 'db'>,
  caller: Caller,
  persons: { resource: PersonResource; personIds: readonly string[] },
  work: (scope: TenantScope) => Promise<Outcome<Value, Refusal>>,
): Promise<Outcome<Value, Refusal | 'person-unknown'>> {
  const { tenantId } = caller
  if (!(await inTenant(db, caller, (tx) => reachesPersons(tx, tenantId, persons))))
    return { ok: false, error: 'person-unknown' }
  return await inScope(db, overPersons(caller), work)
}
