import type { FoundBy, PersonRow } from '@yizhan/contracts/customer'
import type { PersonSource, PersonState } from '@yizhan/contracts/customer-record'
import { fieldMask } from '../access/field-mask.ts'
import { recordRead } from '../audit/audit.ts'
import { inTenant, type TenantTx } from '../postgres/database.ts'
import { fieldKeysOf } from '../tenant/field-keys.ts'
import type { Caller } from '../tenant/tenant-scope.ts'
import { readDetails, readPersonPage, readTags, type StoredPerson } from './customer-store.ts'
import { detailKeysOf, showDetail } from './person-detail.ts'
import { lookUp } from './person-look-up.ts'
import type { CustomerDeps } from './person-scope.ts'

const rowsPerPage = 50

/** Which persons a list shows. */
export interface ListQuestion {
  state?: PersonState | undefined
  source?: PersonSource | undefined
  tag?: string | undefined
  after?: string | undefined
}

/** A page of the persons with open files, the newest first; `next` is the id behind which the next page begins. */
export async function listPersons(
  deps: CustomerDeps,
  caller: Caller,
  question: ListQuestion,
): Promise<{ rows: PersonRow[]; next: string | null }> {
  const { tenantId } = caller
  return await inTenant(deps.db, caller, async (tx) => {
    const found = await readPersonPage(tx, tenantId, { ...question, limit: rowsPerPage + 1 })
    const page = found.slice(0, rowsPerPage)
    await recordRead(tx, caller, { ...listOf(tenantId, page), action: 'persons-listed' })
    const next = found.length > rowsPerPage ? (page.at(-1)?.person_id ?? null) : null
    return { rows: await rowsOf(deps, tx, caller, page), next }
  })
}

/** The persons whom a typed text may mean, each with what it was found by: ID, card, phone, booking code, name or initials. */
export async function findPersons(
  deps: CustomerDeps,
  caller: Caller,
  text: string,
): Promise<(PersonRow & { foundBy: FoundBy })[]> {
  return await inTenant(deps.db, caller, async (tx) => {
    const keys = await detailKeysOf(deps.keys, { tx, tenantId: caller.tenantId })
    const found = await lookUp(tx, caller.tenantId, keys, text)
    const persons = found.map(({ person }) => person)
    await recordRead(tx, caller, { ...listOf(caller.tenantId, persons), action: 'persons-found' })
    const rows = await rowsOf(deps, tx, caller, persons)
    return rows.map((row, at) => ({ ...row, foundBy: found[at]?.foundBy ?? 'name' }))
  })
}

function listOf(tenantId: string, persons: readonly StoredPerson[]) {
  return { objectKind: 'person-list', objectId: tenantId, shown: persons.map((person) => person.person_id) }
}

async function rowsOf(
  { keys }: CustomerDeps,
  tx: TenantTx,
  caller: Caller,
  persons: readonly StoredPerson[],
): Promise<PersonRow[]> {
  const { tenantId } = caller
  const ids = persons.map((person) => person.person_id)
  const mask = fieldMask(caller, 'customer')
  const fields = await fieldKeysOf(keys, { tx, tenantId })
  const details = (await readDetails(tx, tenantId, ids)).filter(({ kind }) => kind === 'phone')
  const tags = Map.groupBy(await readTags(tx, tenantId, ids), (row) => row.person_id)
  return persons.map((person) => {
    const phone = details.find((row) => row.person_id === person.person_id)
    return {
      personId: person.person_id,
      nameShown: mask('name', person.name),
      sex: person.sex,
      birthDate: person.birth_date,
      phoneShown: phone === undefined ? null : showDetail(fields, mask, phone),
      state: person.state,
      source: person.source,
      tags: (tags.get(person.person_id) ?? []).map(({ tag }) => tag),
      updatedAt: person.updated_at,
    }
  })
}
