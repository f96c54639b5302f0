import { type RawBuilder, sql } from 'kysely'
import { noteFeedChange } from '../sync/feed-change.ts'
import type { TenantScope } from '../tenant/tenant-scope.ts'

/** Stands where a name was. */
const erasedName = '***'

/** Takes name, phone, birth date and cards out of bookings older than a moment whose patients nobody holds. */
export async function eraseOldContacts(scope: TenantScope, olderThanMs: number, limit: number): Promise<number> {
  const day = new Date(olderThanMs).toISOString().slice(0, 10)
  return await eraseContacts(
    scope,
    sql`booking_id in (select b.booking_id from booking b where b.tenant_id = ${scope.tenantId} and b.day < ${day}
      and b.contact_erased_at is null and not exists (select from legal_hold h where h.tenant_id = b.tenant_id
        and h.patient_key = b.patient_key and h.lifted_at is null) order by b.day, b.booking_id limit ${limit})`,
  )
}

/** Takes the same out of every booking of a patient and of the files behind them, and forgets how they were found. */
export async function erasePatientBookings(scope: TenantScope, patientKey: string): Promise<number> {
  const { tenantId } = scope
  const rows = await eraseContacts(
    scope,
    sql`(patient_key = ${patientKey} or person_id in (select b.person_id from booking b
      where b.tenant_id = ${tenantId} and b.patient_key = ${patientKey}))`,
  )
  await sql`delete from patient_key where tenant_id = ${tenantId} and patient_key in (select b.patient_key from booking b
    where b.tenant_id = ${tenantId} and (b.patient_key = ${patientKey} or b.person_id in (select o.person_id from booking o
      where o.tenant_id = ${tenantId} and o.patient_key = ${patientKey})))`.execute(scope.tx)
  return rows
}

async function eraseContacts(scope: TenantScope, which: RawBuilder<unknown>): Promise<number> {
  const { rows } = await sql<{ key: string }>`
    update booking set patient_name = ${erasedName}, phone_sealed = null, phone_last4 = null, birth_date_sealed = null,
      birth_month_day = null, card_hashes = '{}', contact_erased_at = ${new Date(scope.nowMs)}, version = version + 1
    where tenant_id = ${scope.tenantId} and ${which} and contact_erased_at is null returning booking_id as key`.execute(
    scope.tx,
  )
  // Stations that still hold one of them are told at once to forget who it was.
  await noteFeedChange(
    scope,
    rows.map(({ key }) => ({ kind: 'booking' as const, key })),
  )
  return rows.length
}
