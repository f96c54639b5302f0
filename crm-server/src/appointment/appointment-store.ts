import type { BookingRow, BookingState } from '@yizhan/contracts/appointment'
import type { Insertable, Selectable } from 'kysely'
import type { TenantTx } from '../postgres/database.ts'
import type { CentreTables } from '../postgres/tables.ts'
import { newId } from '../tenant/new-id.ts'
import type { TenantScope } from '../tenant/tenant-scope.ts'

/** A booking as the table holds it. */
export type StoredBooking = Selectable<CentreTables['booking']>

/** Writes a booking; false when its code is already another's. */
export async function insertBooking(tx: TenantTx, booking: Insertable<CentreTables['booking']>): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('booking')
    .values(booking)
    .onConflict((conflict) => conflict.columns(['tenant_id', 'code']).doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

/** A booking, held so that nobody else changes it until the transaction ends. */
export async function lockBooking(scope: TenantScope, bookingId: string): Promise<StoredBooking | undefined> {
  return await scope.tx
    .selectFrom('booking')
    .selectAll()
    .where('tenant_id', '=', scope.tenantId)
    .where('booking_id', '=', bookingId)
    .forUpdate()
    .executeTakeFirst()
}

/** The ids of the bookings of some days after an id, in the order of ids. */
export async function readBookingIds(
  tx: TenantTx,
  tenantId: string,
  question: { days: readonly string[]; after: string; limit: number },
): Promise<string[]> {
  if (question.days.length === 0) return []
  const rows = await tx
    .selectFrom('booking')
    .select('booking_id')
    .where('tenant_id', '=', tenantId)
    .where('day', 'in', [...question.days])
    .where('booking_id', '>', question.after)
    .orderBy('booking_id')
    .limit(question.limit)
    .execute()
  return rows.map((row) => row.booking_id)
}

/** Some bookings by their ids, those of the given days only. */
export async function readBookings(
  tx: TenantTx,
  tenantId: string,
  question: { ids: readonly string[]; days: readonly string[] },
): Promise<StoredBooking[]> {
  if (question.ids.length === 0 || question.days.length === 0) return []
  return await tx
    .selectFrom('booking')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('booking_id', 'in', [...question.ids])
    .where('day', 'in', [...question.days])
    .execute()
}

/** The last booking of each person that has one. */
export async function readBookingOfEach(
  tx: TenantTx,
  tenantId: string,
  patientKeys: readonly string[],
): Promise<StoredBooking[]> {
  if (patientKeys.length === 0) return []
  return await tx
    .selectFrom('booking')
    .selectAll()
    .distinctOn('patient_key')
    .where('tenant_id', '=', tenantId)
    .where('patient_key', 'in', [...patientKeys])
    .orderBy('patient_key')
    .orderBy('booking_id', 'desc')
    .execute()
}

/** Moves a booking to another state and returns its new version. */
export async function changeBookingState(
  scope: TenantScope,
  bookingId: string,
  change: { state: BookingState; movedTo?: number },
): Promise<number> {
  const { version } = await scope.tx
    .updateTable('booking')
    .set((row) => ({
      state: change.state,
      version: row('version', '+', 1),
      ...(change.movedTo === undefined ? {} : { moved_to: new Date(change.movedTo) }),
    }))
    .where('tenant_id', '=', scope.tenantId)
    .where('booking_id', '=', bookingId)
    .returning('version')
    .executeTakeFirstOrThrow()
  return version
}

/** The key of the person behind keyed hashes, newest first; made under the newest when none of them is known. */
export async function patientKeyOf(scope: TenantScope, blindIndexes: readonly Buffer[]): Promise<string> {
  const known = await findPatientKey(scope, blindIndexes)
  if (known !== undefined) return known
  const [newest] = blindIndexes
  if (newest === undefined) throw new Error('a person without an index')
  const made = await scope.tx
    .insertInto('patient_key')
    .values({ tenant_id: scope.tenantId, blind_index: newest, patient_key: newId(scope.nowMs) })
    .onConflict((conflict) => conflict.doNothing())
    .returning('patient_key')
    .executeTakeFirst()
  const found = made?.patient_key ?? (await findPatientKey(scope, blindIndexes))
  if (found === undefined) throw new Error('a person was made and is not there')
  return found
}

async function findPatientKey(scope: TenantScope, blindIndexes: readonly Buffer[]): Promise<string | undefined> {
  const rows = await scope.tx
    .selectFrom('patient_key')
    .select(['blind_index', 'patient_key'])
    .where('tenant_id', '=', scope.tenantId)
    .where('blind_index', 'in', [...blindIndexes])
    .execute()
  const place = (index: Buffer) => blindIndexes.findIndex((asked) => asked.equals(index))
  return rows.sort((one, other) => place(one.blind_index) - place(other.blind_index))[0]?.patient_key
}

/** A booking as a station keeps it: without phone and birth date, which stay at the centre. */
export function bookingRowOf(row: StoredBooking): BookingRow {
  return {
    bookingId: row.booking_id,
    code: row.code,
    state: row.state,
    siteId: row.site_id,
    clinicId: row.clinic_id,
    doctorName: row.doctor_name,
    patientName: row.patient_name,
    phoneLast4: row.phone_last4,
    birthMonthDay: row.birth_month_day,
    patientKey: row.patient_key,
    cardHashes: row.card_hashes,
    slotStart: row.slot_start,
    slotEnd: row.slot_end,
    movedTo: row.moved_to,
    version: row.version,
  }
}
