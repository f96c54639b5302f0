import type { BookingState, ConflictKind } from '@yizhan/contracts/appointment'
import type { ArrivalClaim } from './first-arrival.ts'

/** An arrival as far as it can contradict others. */
export interface ArrivalReport extends ArrivalClaim {
  day: string
  queueNumber: string
}

/**
 * How the arrivals of one booking contradict each other and the booking, as it stood before the newest was taken in. Depends
 * on the set of arrivals alone, and only ever grows with it.
 */
export function conflictsAmong(
  arrivals: readonly ArrivalReport[],
  booking: { state: BookingState; day: string } | undefined,
): ConflictKind[] {
  const kinds: ConflictKind[] = []
  const stations = new Set(arrivals.map(({ stationId }) => stationId))
  if (stations.size > 1) kinds.push('two-places')
  const numbers = new Set(arrivals.map(({ stationId, queueNumber }) => `${stationId} ${queueNumber}`))
  if (numbers.size > stations.size) kinds.push('two-numbers')
  if (booking?.state === 'cancelled') kinds.push('cancelled-meanwhile')
  if (booking?.state === 'rescheduled') kinds.push('moved-meanwhile')
  if (booking !== undefined && arrivals.some(({ day }) => day !== booking.day)) kinds.push('other-day')
  return kinds
}
