import type { CreatedBooking } from '@yizhan/contracts/appointment'
import { recordAudit } from '../audit/audit.ts'
import { tellModules } from '../event/tell-modules.ts'
import { ring } from '../sync/bell.ts'
import { noteFeedChange } from '../sync/feed-change.ts'
import { fieldKeysOf } from '../tenant/field-keys.ts'
import type { KeyRing } from '../tenant/key-ring.ts'
import type { Outcome, TenantScope } from '../tenant/tenant-scope.ts'
import { changeBookingState, lockBooking, type StoredBooking } from './appointment-store.ts'
import { draftOf, makeBooking } from './booking-making.ts'
import { isBookableSlot } from './booking-slot.ts'

/** Cancels a booking; cancelling it again changes nothing. A booking that was moved lives on under its new code. */
export async function cancelInScope(
  scope: TenantScope,
  bookingId: string,
): Promise<Outcome<{ version: number }, 'booking-unknown' | 'booking-arrived'>> {
  const booking = await lockBooking(scope, bookingId)
  if (booking === undefined || booking.state === 'rescheduled') return { ok: false, error: 'booking-unknown' }
  if (booking.state === 'arrived') return { ok: false, error: 'booking-arrived' }
  if (booking.state === 'cancelled') return { ok: true, value: { version: booking.version } }
  const version = await changeBookingState(scope, bookingId, { state: 'cancelled' })
  await tellOfChange(scope, 'booking-cancelled', booking, { state: 'cancelled', version })
  const { site_id: siteId, clinic_id: clinicId } = booking
  await tellModules(scope, 'appointment.booking.cancelled', { bookingId, siteId, clinicId })
  return { ok: true, value: { version } }
}

/**
 * Moves a booking to another time: the old one becomes `rescheduled` and keeps saying where it went, a new one is made
 * for the same person, doctor and clinic. Answers the new one. The time that it already has is refused.
 */
export async function rescheduleInScope(
  scope: TenantScope,
  keys: KeyRing,
  { bookingId, slotStart, slotEnd }: { bookingId: string; slotStart: number; slotEnd: number },
): Promise<Outcome<CreatedBooking, 'booking-unknown' | 'booking-arrived' | 'slot-invalid'>> {
  if (!isBookableSlot({ slotStart, slotEnd })) return { ok: false, error: 'slot-invalid' }
  const old = await lockBooking(scope, bookingId)
  if (old?.state === 'arrived') return { ok: false, error: 'booking-arrived' }
  if (old?.state !== 'booked') return { ok: false, error: 'booking-unknown' }
  // A move to the time it already has would only void the code that the patient holds.
  if (old.slot_start === slotStart && old.slot_end === slotEnd) return { ok: false, error: 'slot-invalid' }
  const version = await changeBookingState(scope, bookingId, { state: 'rescheduled', movedTo: slotStart })
  const moved = await makeBooking(scope, keys, { ...draftOf(await fieldKeysOf(keys, scope), old), slotStart, slotEnd })
  await tellOfChange(scope, 'booking-rescheduled', old, { state: 'rescheduled', version, moved_to: slotStart })
  const place = { siteId: old.site_id, clinicId: old.clinic_id }
  await tellModules(scope, 'appointment.booking.moved', {
    bookingId,
    ...place,
    toBookingId: moved.bookingId,
    slotStart,
  })
  return { ok: true, value: moved }
}

async function tellOfChange(
  scope: TenantScope,
  action: string,
  before: StoredBooking,
  change: Partial<StoredBooking>,
): Promise<void> {
  const bookingId = before.booking_id
  const after = { ...before, ...change }
  await noteFeedChange(scope, [{ kind: 'booking', key: bookingId }])
  await recordAudit(scope, { action, objectKind: 'booking', objectId: bookingId, before, after })
  await ring(scope, 'bookings')
}
