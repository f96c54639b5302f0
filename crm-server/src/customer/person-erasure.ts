import { sql } from 'kysely'
import type { TenantScope } from '../tenant/tenant-scope.ts'

/** What is known of a person beside the file itself. Consents stay: they prove what was agreed to, and name nobody. */
const erasedTables = [
  'person_detail',
  'person_tag',
  'person_health_item',
  'person_interaction',
  'visit',
  'checkup_result',
] as const

/** Empties the files of the persons behind a patient's bookings, and of those merged into them; answers how many files. */
export async function erasePersonFiles(scope: TenantScope, patientKey: string): Promise<number> {
  const { tx, tenantId } = scope
  const { rows } = await sql<{ personId: string }>`
    with recursive file as (
      select person_id from booking where tenant_id = ${tenantId} and patient_key = ${patientKey} and person_id is not null
      union select p.person_id from person p join file f on p.merged_into = f.person_id where p.tenant_id = ${tenantId}
    )
    update person p set name = '***', name_initials = '', sex = 'unknown', birth_date = null, occupation = null,
      interests = '{}', habits = '{}', state = 'erased', version = version + 1, updated_at = ${new Date(scope.nowMs)},
      updated_by = ${scope.actor.id}
    from file where p.tenant_id = ${tenantId} and p.person_id = file.person_id and p.state <> 'erased'
    returning p.person_id as "personId"`.execute(tx)
  const personIds = rows.map(({ personId }) => personId)
  if (personIds.length === 0) return 0
  const theirs = sql`tenant_id = ${tenantId} and person_id = any (${personIds}::uuid[])`
  for (const table of erasedTables) await sql`delete from ${sql.table(table)} where ${theirs}`.execute(tx)
  await sql`update person_relation set name = '***', relationship = null, phone_sealed = null where ${theirs}`.execute(
    tx,
  )
  await sql`delete from person_duplicate where tenant_id = ${tenantId}
    and (one_id = any (${personIds}::uuid[]) or other_id = any (${personIds}::uuid[]))`.execute(tx)
  await sql`update merge_log set taken = '{}' where tenant_id = ${tenantId}
    and (survivor_id = any (${personIds}::uuid[]) or merged_id = any (${personIds}::uuid[]))`.execute(tx)
  return personIds.length
}
