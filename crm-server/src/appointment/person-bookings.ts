import type { BookingState } from '@yizhan/contracts/appointment'
import type { LocalText } from '@yizhan/contracts/local-text'
import { momentOf, type TenantTx } from '../postgres/database.ts'

/** A booking among what happened to a person. */
interface PersonBooking {
  kind: 'booking'
  entryId: string
  /** When the appointment is. */
  at: number
  clinicName: LocalText
  doctorName: string
  state: BookingState
}

/** The bookings of a person before a moment, the latest first. */
export async function bookingsOfPerson(
  tx: TenantTx,
  tenantId: string,
  { personId, before, limit }: { personId: string; before: number; limit: number },
): Promise<PersonBooking[]> {
  const rows = await tx
    .selectFrom('booking')
    .innerJoin('clinic', (join) =>
      join.onRef('clinic.tenant_id', '=', 'booking.tenant_id').onRef('clinic.clinic_id', '=', 'booking.clinic_id'),
    )
    .select(['booking.booking_id', 'booking.slot_start', 'booking.doctor_name', 'booking.state', 'clinic.name'])
    .where('booking.tenant_id', '=', tenantId)
    .where('booking.person_id', '=', personId)
    .where('booking.slot_start', '<', momentOf(before))
    .orderBy('booking.slot_start', 'desc')
    .limit(limit)
    .execute()
  return rows.map((row) => ({
    kind: 'booking',
    entryId: row.booking_id,
    at: row.slot_start,
    clinicName: row.name,
    doctorName: row.doctor_name,
    state: row.state,
  }))
}
