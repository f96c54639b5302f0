import type { CreatedBooking, NewBooking } from '@yizhan/contracts/appointment'
import type { CardHash } from '@yizhan/contracts/card'
import { normalPhone } from '@yizhan/rules/patient/normal-identity'
import { hospitalCalendar } from '@yizhan/rules/working-time/hospital-time'
import { recordAudit } from '../audit/audit.ts'
import { personOfBooking } from '../customer/person-link.ts'
import { tellModules } from '../event/tell-modules.ts'
import { ring } from '../sync/bell.ts'
import { noteFeedChange } from '../sync/feed-change.ts'
import { type FieldKeys, fieldKeysOf } from '../tenant/field-keys.ts'
import type { KeyRing } from '../tenant/key-ring.ts'
import { newId } from '../tenant/new-id.ts'
import { hospitalOf } from '../tenant/tenant.ts'
import type { TenantScope } from '../tenant/tenant-scope.ts'
import { insertBooking, patientKeyOf, type StoredBooking } from './appointment-store.ts'
import { drawBookingCode, signBookingQr } from './booking-issue.ts'

/** What a booking is made of, once its clinic and slot are known to be right. */
export interface BookingDraft extends Omit<NewBooking, 'operationId' | 'cards'> {
  cardHashes: readonly CardHash[]
}

/** Of 10^8 codes even a million live bookings take one in a hundred; twenty draws that all collide are a fault. */
const mostDraws = 20

/** Writes a new booking under a free code and tells stations and staff of it. */
export async function makeBooking(scope: TenantScope, keys: KeyRing, draft: BookingDraft): Promise<CreatedBooking> {
  const bookingId = newId(scope.nowMs)
  const code = await writeUnderFreeCode(scope, {
    ...(await rowOf(scope, keys, draft, bookingId)),
    booking_id: bookingId,
  })
  await noteFeedChange(scope, [{ kind: 'booking', key: bookingId }])
  await recordAudit(scope, { action: 'booking-created', objectKind: 'booking', objectId: bookingId })
  await ring(scope, 'bookings')
  const { siteId, clinicId, slotStart, slotEnd } = draft
  await tellModules(scope, 'appointment.booking.created', { bookingId, siteId, clinicId, slotStart })
  const qr = signBookingQr({ bookingId, clinicId, code, slotStart, slotEnd }, await keys.qrKey(scope.tenantId))
  return { bookingId, code, qr, version: 1 }
}

/** What a booking was made of, for making another one for the same person. */
export function draftOf(fields: FieldKeys, booking: StoredBooking): BookingDraft {
  const open = (column: string, sealed: Buffer | null) =>
    sealed === null ? null : fields.open(fieldPlace(booking.tenant_id, column, booking.booking_id), sealed)
  return {
    siteId: booking.site_id,
    clinicId: booking.clinic_id,
    doctorName: booking.doctor_name,
    patientName: booking.patient_name,
    phone: open('phone', booking.phone_sealed),
    birthDate: open('birth_date', booking.birth_date_sealed),
    cardHashes: booking.card_hashes,
    slotStart: booking.slot_start,
    slotEnd: booking.slot_end,
  }
}

type BookingValues = Omit<Parameters<typeof insertBooking>[1], 'code'>

async function writeUnderFreeCode(scope: TenantScope, values: BookingValues): Promise<string> {
  for (let draw = 0; draw < mostDraws; draw += 1) {
    const code = drawBookingCode()
    if (await insertBooking(scope.tx, { ...values, code })) return code
  }
  throw new Error('no free booking code found')
}

async function rowOf(
  scope: TenantScope,
  keys: KeyRing,
  draft: BookingDraft,
  bookingId: string,
): Promise<Omit<BookingValues, 'booking_id'>> {
  const fields = await fieldKeysOf(keys, scope)
  const seal = (column: string, text: string | null) =>
    text === null ? null : fields.seal(fieldPlace(scope.tenantId, column, bookingId), text)
  const { zone } = await hospitalOf(scope.tx, scope.tenantId)
  // First the key: whoever books for the same person at the same moment waits here, and then finds the file.
  const patientKey = await patientKeyOf(scope, fields.blindIndexes('person', personText(draft)))
  return {
    tenant_id: scope.tenantId,
    state: 'booked',
    site_id: draft.siteId,
    clinic_id: draft.clinicId,
    doctor_name: draft.doctorName,
    patient_name: draft.patientName,
    patient_key: patientKey,
    person_id: await personOfBooking(scope, keys, draft),
    phone_sealed: seal('phone', draft.phone),
    phone_last4: draft.phone?.slice(-4) ?? null,
    birth_date_sealed: seal('birth_date', draft.birthDate),
    birth_month_day: draft.birthDate?.slice(5).replace('-', '') ?? null,
    card_hashes: [...draft.cardHashes],
    slot_start: new Date(draft.slotStart),
    slot_end: new Date(draft.slotEnd),
    day: hospitalCalendar(zone).dayOf(draft.slotStart),
    moved_to: null,
    version: 1,
    created_at: new Date(scope.nowMs),
  }
}

/** What persons are told apart by: bookings are one person's when name and phone are equal, or name and birth date where no phone is known. */
export function personText(of: Pick<BookingDraft, 'patientName' | 'phone' | 'birthDate'>): string {
  const secondItem = of.phone === null ? { birthDate: of.birthDate } : { phone: normalPhone(of.phone) }
  return JSON.stringify([of.patientName.normalize('NFC'), secondItem])
}

function fieldPlace(tenantId: string, column: string, rowId: string) {
  return { tenantId, table: 'booking', column, rowId }
}
