import type { ComparedPerson, DuplicateScore } from '@yizhan/rules/customer/duplicate-score'
import { sql } from 'kysely'
import type { TenantTx } from '../postgres/database.ts'
import type { TenantScope } from '../tenant/tenant-scope.ts'
import { readDetails, readPersons } from './customer-store.ts'
import { isDocument } from './person-detail.ts'

/** The open files that share a document, a phone, name and birth date, or initials and birth date with one file. */
export async function candidatesFor(scope: TenantScope, personId: string, limit: number): Promise<string[]> {
  const { rows } = await sql<{ person_id: string }>`
    with self as (
      select name, name_initials, birth_date from person
      where tenant_id = ${scope.tenantId} and person_id = ${personId} and merged_into is null and state <> 'erased'
    ), known as (
      select distinct blind_index from person_detail
      where tenant_id = ${scope.tenantId} and person_id = ${personId} and ended_at is null and blind_index is not null
    ), alike as (
      select d.person_id from known k join person_detail d
        on d.tenant_id = ${scope.tenantId} and d.blind_index = k.blind_index and d.ended_at is null
      union
      select p.person_id from self s join person p
        on p.tenant_id = ${scope.tenantId} and p.name = s.name and p.birth_date = s.birth_date
      union
      select p.person_id from self s join person p
        on p.tenant_id = ${scope.tenantId} and p.name_initials = s.name_initials and p.birth_date = s.birth_date
    )
    select p.person_id from alike a join person p on p.tenant_id = ${scope.tenantId} and p.person_id = a.person_id
    where exists (select from self) and p.person_id <> ${personId} and p.merged_into is null and p.state <> 'erased'
    order by p.person_id limit ${limit}`.execute(scope.tx)
  return rows.map((row) => row.person_id)
}

/** Persons as the score compares them. */
export async function comparedPersons(
  scope: TenantScope,
  personIds: readonly string[],
): Promise<Map<string, ComparedPerson>> {
  const details = Map.groupBy(await readDetails(scope.tx, scope.tenantId, personIds), (row) => row.person_id)
  const persons = await readPersons(scope.tx, scope.tenantId, personIds)
  return new Map(
    persons.map((person) => {
      const indexed = (details.get(person.person_id) ?? []).flatMap(({ kind, blind_index: index }) =>
        index === null ? [] : [{ kind, index: index.toString('hex') }],
      )
      return [
        person.person_id,
        {
          name: person.name,
          initials: person.name_initials,
          sex: person.sex,
          birthDate: person.birth_date,
          documents: indexed.filter(({ kind }) => isDocument(kind)).map(({ index }) => index),
          phones: indexed.filter(({ kind }) => kind === 'phone').map(({ index }) => index),
        },
      ]
    }),
  )
}

/** Writes the pairs of one file anew; what staff decided on stays. */
export async function replacePairs(
  scope: TenantScope,
  personId: string,
  pairs: readonly ({ otherId: string } & DuplicateScore)[],
): Promise<void> {
  await scope.tx
    .deleteFrom('person_duplicate')
    .where('tenant_id', '=', scope.tenantId)
    .where(({ or, eb }) => or([eb('one_id', '=', personId), eb('other_id', '=', personId)]))
    .where('dismissed_at', 'is', null)
    .execute()
  if (pairs.length === 0) return
  await scope.tx
    .insertInto('person_duplicate')
    .values(
      pairs.map(({ otherId, score, reasons, doubts }) => ({
        ...pairKey(scope, personId, otherId),
        score,
        reasons,
        doubts,
        found_at: new Date(scope.nowMs),
        dismissed_at: null,
        dismissed_by: null,
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** Notes a pair as two persons. */
export async function dismissPair(scope: TenantScope, oneId: string, otherId: string): Promise<void> {
  const dismissed = { dismissed_at: new Date(scope.nowMs), dismissed_by: scope.actor.id }
  await scope.tx
    .insertInto('person_duplicate')
    .values({
      ...pairKey(scope, oneId, otherId),
      score: 0,
      reasons: [],
      doubts: [],
      found_at: new Date(scope.nowMs),
      ...dismissed,
    })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'one_id', 'other_id']).doUpdateSet(dismissed))
    .execute()
}

/** The pairs that are not decided on, the most alike first. */
export async function openPairs(tx: TenantTx, tenantId: string, limit: number) {
  return await tx
    .selectFrom('person_duplicate')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('dismissed_at', 'is', null)
    .orderBy('score', 'desc')
    .orderBy('one_id')
    .orderBy('other_id')
    .limit(limit)
    .execute()
}

/** The merges that were not undone, the latest first. */
export async function openMerges(tx: TenantTx, tenantId: string, limit: number) {
  return await tx
    .selectFrom('merge_log')
    .select(['merge_id', 'survivor_id', 'merged_id', 'merged_at', 'merged_by_name'])
    .where('tenant_id', '=', tenantId)
    .where('undone_at', 'is', null)
    .orderBy('merged_at', 'desc')
    .orderBy('merge_id', 'desc')
    .limit(limit)
    .execute()
}

/** The text form of UUIDs of one length sorts as the database sorts them. */
function pairKey(scope: TenantScope, personId: string, otherId: string) {
  const [oneId = '', other = ''] = [personId, otherId].sort()
  return { tenant_id: scope.tenantId, one_id: oneId, other_id: other }
}
