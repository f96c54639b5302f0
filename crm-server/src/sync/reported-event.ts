import type { OutboxLane } from '@yizhan/contracts/sync'

/** An event that a station reported, once its body has been understood. */
export interface ReportedEvent<Body> {
  eventId: string
  stationId: string
  epoch: number
  lane: OutboxLane
  seq: number
  occurredAt: number
  /** The moment by the station's hybrid clock, as text that sorts; null from a station of an earlier release. */
  hlc: string | null
  body: Body
}
