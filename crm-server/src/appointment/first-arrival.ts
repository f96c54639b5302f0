/** What decides which of several arrivals of one booking is the one that counts. */
export interface ArrivalClaim {
  arrivalId: string
  arrivedAt: number
  /** By the hybrid clock of the station, as text that sorts; none from a station of an earlier release. */
  hlc?: string | null
  stationId: string
  epoch: number
  seq: number
}

/**
 * The arrival that keeps the place in line: the earliest; at one moment the earlier by the
 * hybrid clocks (none before any), then the lower station id, then the lower place in
 * the station's outbox. Depends on the claims alone, never on the order they are given in. Throws on an empty list.
 */
export function firstArrival<Claim extends ArrivalClaim>(claims: readonly Claim[]): Claim {
  return claims.reduce((first, claim) => (comesBefore(claim, first) ? claim : first))
}

function comesBefore(a: ArrivalClaim, b: ArrivalClaim): boolean {
  if (a.arrivedAt !== b.arrivedAt) return a.arrivedAt < b.arrivedAt
  const [hlcA, hlcB] = [a.hlc ?? '', b.hlc ?? '']
  if (hlcA !== hlcB) return hlcA < hlcB
  if (a.stationId !== b.stationId) return a.stationId < b.stationId
  if (a.epoch !== b.epoch) return a.epoch < b.epoch
  if (a.seq !== b.seq) return a.seq < b.seq
  return a.arrivalId < b.arrivalId
}
