import { type Selectable, sql } from 'kysely'
import type { MovedRows, TakenFields } from '../postgres/customer-tables.ts'
import type { TenantTx } from '../postgres/database.ts'
import type { CentreTables } from '../postgres/tables.ts'
import type { TenantScope } from '../tenant/tenant-scope.ts'

/** A merge as the log holds it. */
export type StoredMerge = Selectable<CentreTables['merge_log']>

/**
 * Everything that belongs to a person and moves with a merge: table, key, and the column that names the person. A feature whose
 * table gets a `person_id` adds its line; a test refuses one without.
 */
export const movableRows = [
  { table: 'person_detail', key: 'detail_id', column: 'person_id' },
  { table: 'person_relation', key: 'relation_id', column: 'person_id' },
  { table: 'person_relation', key: 'relation_id', column: 'other_person_id' },
  { table: 'person_consent', key: 'consent_id', column: 'person_id' },
  { table: 'person_interaction', key: 'interaction_id', column: 'person_id' },
  { table: 'person_tag', key: 'tag_id', column: 'person_id' },
  { table: 'person_health_item', key: 'item_id', column: 'person_id' },
  { table: 'visit', key: 'visit_id', column: 'person_id' },
  { table: 'group_member', key: 'member_id', column: 'person_id' },
  { table: 'checkup_result', key: 'result_id', column: 'person_id' },
  { table: 'booking', key: 'booking_id', column: 'person_id' },
] as const

interface Move {
  from: string
  to: string
}

/** Moves everything of one person to another; answers the ids of what moved. */
export async function moveRows(scope: TenantScope, { from, to }: Move): Promise<MovedRows> {
  const moved: MovedRows = {}
  for (const { table, key, column } of movableRows) {
    const { rows } = await sql<{ id: string }>`
      update ${sql.table(table)} set ${sql.ref(column)} = ${to}
      where tenant_id = ${scope.tenantId} and ${sql.ref(column)} = ${from} returning ${sql.ref(key)} as id`.execute(
      scope.tx,
    )
    if (rows.length > 0) moved[`${table}.${column}`] = rows.map(({ id }) => id)
  }
  return moved
}

/** Moves what a merge moved back to where it came from. */
export async function returnRows(scope: TenantScope, moved: MovedRows, { from, to }: Move): Promise<void> {
  for (const { table, key, column } of movableRows) {
    const ids = moved[`${table}.${column}`]
    if (ids === undefined) continue
    await sql`update ${sql.table(table)} set ${sql.ref(column)} = ${to}
      where tenant_id = ${scope.tenantId} and ${sql.ref(key)} = any (${ids}::uuid[]) and ${sql.ref(column)} = ${from}`.execute(
      scope.tx,
    )
  }
}

/** Writes a merge into the log. */
export async function insertMerge(
  scope: TenantScope,
  merge: {
    mergeId: string
    survivorId: string
    mergedId: string
    moved: MovedRows
    taken: TakenFields
    byName: string
  },
): Promise<void> {
  await scope.tx
    .insertInto('merge_log')
    .values({
      tenant_id: scope.tenantId,
      merge_id: merge.mergeId,
      survivor_id: merge.survivorId,
      merged_id: merge.mergedId,
      moved: JSON.stringify(merge.moved),
      taken: JSON.stringify(merge.taken),
      merged_at: new Date(scope.nowMs),
      merged_by: scope.actor.id,
      merged_by_name: merge.byName,
      undone_at: null,
      undone_by: null,
      undone_by_name: null,
    })
    .execute()
}

/** Which two files a merge is of; null when there is none within reach. */
export async function readMergedIds(
  tx: TenantTx,
  tenantId: string,
  mergeId: string,
): Promise<{ survivorId: string; mergedId: string } | null> {
  const row = await tx
    .selectFrom('merge_log')
    .select(['survivor_id', 'merged_id'])
    .where('tenant_id', '=', tenantId)
    .where('merge_id', '=', mergeId)
    .executeTakeFirst()
  return row === undefined ? null : { survivorId: row.survivor_id, mergedId: row.merged_id }
}

/** A merge, held until the transaction ends. */
export async function lockMerge(scope: TenantScope, mergeId: string): Promise<StoredMerge | null> {
  const row = await scope.tx
    .selectFrom('merge_log')
    .selectAll()
    .where('tenant_id', '=', scope.tenantId)
    .where('merge_id', '=', mergeId)
    .forUpdate()
    .executeTakeFirst()
  return row ?? null
}

/** The merges into the same file that came after one and stand, in their order. */
export async function laterMergesOf(scope: TenantScope, merge: StoredMerge): Promise<StoredMerge[]> {
  return await scope.tx
    .selectFrom('merge_log')
    .selectAll()
    .where('tenant_id', '=', scope.tenantId)
    .where('survivor_id', '=', merge.survivor_id)
    .where('undone_at', 'is', null)
    .where('merge_id', '>', merge.merge_id)
    .orderBy('merge_id')
    .execute()
}

/** Changes what a merge will give back of one column. */
export async function replaceTaken(
  scope: TenantScope,
  { merge_id: mergeId, taken }: StoredMerge,
  column: string,
  before: unknown,
): Promise<void> {
  const known = taken[column]
  if (known === undefined) return
  await scope.tx
    .updateTable('merge_log')
    .set({ taken: JSON.stringify({ ...taken, [column]: { ...known, before } }) })
    .where('tenant_id', '=', scope.tenantId)
    .where('merge_id', '=', mergeId)
    .execute()
}

/** Notes a merge as taken back. */
export async function markUndone(scope: TenantScope, mergeId: string, byName: string): Promise<void> {
  await scope.tx
    .updateTable('merge_log')
    .set({ undone_at: new Date(scope.nowMs), undone_by: scope.actor.id, undone_by_name: byName })
    .where('tenant_id', '=', scope.tenantId)
    .where('merge_id', '=', mergeId)
    .execute()
}
