import { type BookingRow, type CreatedBooking, createdBooking, type NewBooking } from '@yizhan/contracts/appointment'
import { z } from 'zod'
import type { CentreDb, TenantTx } from '../postgres/database.ts'
import { type OperationReused, once } from '../tenant/carried-out-once.ts'
import type { FieldKeys } from '../tenant/field-keys.ts'
import type { KeyRing } from '../tenant/key-ring.ts'
import { clinicOf } from '../tenant/tenant.ts'
import { type Caller, inScope, type Outcome, type TenantScope } from '../tenant/tenant-scope.ts'
import { bookingRowOf, readBookingIds, readBookingOfEach, readBookings } from './appointment-store.ts'
import { cancelInScope, rescheduleInScope } from './booking-change.ts'
import { draftOf, makeBooking, personText } from './booking-making.ts'
import { isBookableSlot } from './booking-slot.ts'
import { areCardsPlausible, hashCards } from './card-hashing.ts'

/** What the booking operations work with. */
export interface AppointmentDeps {
  db: CentreDb
  keys: KeyRing
}

/** Why no booking was made. */
export type BookingRefusal =
  | 'clinic-unknown'
  | 'slot-invalid'
  | 'second-item-missing'
  | 'id-number-invalid'
  | OperationReused

/**
 * Creates a booking with a code of its own and a signed QR; a repeat of the operation gets the same ones. Of its cards only
 * keyed hashes are kept.
 */
export async function createBooking(
  { db, keys }: AppointmentDeps,
  caller: Caller,
  { cards = [], ...asked }: NewBooking,
): Promise<Outcome<CreatedBooking, BookingRefusal>> {
  if (!isBookableSlot(asked)) return { ok: false, error: 'slot-invalid' }
  if (asked.phone === null && asked.birthDate === null) return { ok: false, error: 'second-item-missing' }
  if (!areCardsPlausible(cards)) return { ok: false, error: 'id-number-invalid' }
  // From here on there are only hashes: the digest of the operation, too, could be searched for an ID number.
  const input = { ...asked, cardHashes: hashCards(await keys.cardKey(caller.tenantId), cards) }
  const operation = { operationId: input.operationId, call: 'create-booking', input, answer: createdBooking }
  return await inScope(db, caller, (scope) =>
    once(scope, operation, async () => {
      const clinic = await clinicOf(scope.tx, scope.tenantId, input.clinicId)
      if (clinic?.siteId !== input.siteId) return { ok: false, error: 'clinic-unknown' }
      return { ok: true, value: await makeBooking(scope, keys, input) }
    }),
  )
}

const cancelledBooking = z.strictObject({ version: z.int() })

/** Cancels a booking that nobody has checked in with. */
export async function cancelBooking(
  { db }: AppointmentDeps,
  caller: Caller,
  input: { bookingId: string; operationId: string },
): Promise<Outcome<{ version: number }, 'booking-unknown' | 'booking-arrived' | OperationReused>> {
  const operation = { operationId: input.operationId, call: 'cancel-booking', input, answer: cancelledBooking }
  return await inScope(db, caller, (scope) => once(scope, operation, () => cancelInScope(scope, input.bookingId)))
}

/** Moves a booking that nobody has checked in with to another time; answers the new booking with its own code and QR. */
export async function rescheduleBooking(
  { db, keys }: AppointmentDeps,
  caller: Caller,
  input: { bookingId: string; operationId: string; slotStart: number; slotEnd: number },
): Promise<Outcome<CreatedBooking, 'booking-unknown' | 'booking-arrived' | 'slot-invalid' | OperationReused>> {
  const operation = { operationId: input.operationId, call: 'reschedule-booking', input, answer: createdBooking }
  return await inScope(db, caller, (scope) => once(scope, operation, () => rescheduleInScope(scope, keys, input)))
}

/** The ids of the bookings of some days after an id, in the order of ids. */
export function bookingIdsOfDays(
  tx: TenantTx,
  tenantId: string,
  question: { days: readonly string[]; after: string; limit: number },
): Promise<string[]> {
  return readBookingIds(tx, tenantId, question)
}

/** Some bookings as stations may see them, those of the given days only. */
export async function bookingRows(
  tx: TenantTx,
  tenantId: string,
  question: { ids: readonly string[]; days: readonly string[] },
): Promise<BookingRow[]> {
  return (await readBookings(tx, tenantId, question)).map(bookingRowOf)
}

/** What persons are told apart by, of those who have a booking, by their keys: what their blind index is made of. */
export async function personTexts(
  { tx, tenantId }: Pick<TenantScope, 'tx' | 'tenantId'>,
  fields: FieldKeys,
  patientKeys: readonly string[],
): Promise<Map<string, string>> {
  const bookings = await readBookingOfEach(tx, tenantId, patientKeys)
  return new Map(bookings.map((booking) => [booking.patient_key, personText(draftOf(fields, booking))]))
}
