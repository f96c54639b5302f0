import type { StationEvent } from '@yizhan/contracts/sync'
import { recordAudit } from '../audit/audit.ts'
import { tellModules } from '../event/tell-modules.ts'
import { ring } from '../sync/bell.ts'
import { noteFeedChange } from '../sync/feed-change.ts'
import type { ReportedEvent } from '../sync/reported-event.ts'
import type { TenantScope } from '../tenant/tenant-scope.ts'
import { changeBookingState, lockBooking } from './appointment-store.ts'
import { conflictsAmong } from './arrival-conflict.ts'
import { insertArrival, lockArrivalsOf, nameFirstArrival, readArrivals, readHighestNumber } from './arrival-store.ts'
import { putConflicts, reopenMovedConflict } from './conflict-store.ts'
import { firstArrival } from './first-arrival.ts'

type PatientArrived = Extract<StationEvent, { type: 'patient-arrived' }>['body']

/**
 * Takes a reported arrival in. Of several arrivals of one booking the first counts and the others become aliases of the
 * same place in line, whatever order they come in. A booking cancelled meanwhile is reinstated: the patient is there and
 * holds a number. One that was moved stays moved, with its arrival beside it for the desk. Whatever contradicts is noted for
 * staff in the same transaction; an arrival that is already here changes nothing.
 */
export async function recordArrival(scope: TenantScope, event: ReportedEvent<PatientArrived>): Promise<void> {
  const { bookingId } = event.body
  await lockArrivalsOf(scope, bookingId)
  const isNew = await insertArrival(scope, event)
  if (!isNew) return
  const arrivals = await readArrivals(scope, bookingId)
  const first = firstArrival(arrivals)
  await nameFirstArrival(scope, bookingId, first.arrivalId)
  const booking = await lockBooking(scope, bookingId)
  const kinds = conflictsAmong(arrivals, booking)
  await putConflicts(scope, bookingId, kinds)
  await reopenMovedConflict(scope, bookingId)
  if (booking?.state === 'booked' || booking?.state === 'cancelled') {
    await changeBookingState(scope, bookingId, { state: 'arrived' })
    await noteFeedChange(scope, [{ kind: 'booking', key: bookingId }])
  }
  await recordAudit(scope, { action: 'arrival-recorded', objectKind: 'booking', objectId: bookingId })
  await ring(scope, 'bookings')
  if (arrivals.length === 1) await tellOfCheckIn(scope, event)
  if (kinds.length > 0) await tellModules(scope, 'appointment.conflict.noticed', { bookingId, kinds })
}

async function tellOfCheckIn(scope: TenantScope, { stationId, body }: ReportedEvent<PatientArrived>): Promise<void> {
  const { bookingId, clinicId, arrivedAt, standing } = body
  await tellModules(scope, 'appointment.booking.checked-in', { bookingId, clinicId, stationId, arrivedAt, standing })
}

/** The highest number of a queue's letter and day that a patient has come with, fallback numbers aside; 0 for none. */
export function highestArrivedNumber(scope: TenantScope, queueLetter: string, day: string): Promise<number> {
  return readHighestNumber(scope, queueLetter, day)
}
