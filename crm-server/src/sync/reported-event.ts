/** An event that a station reported, once its body has been understood. */
export interface ReportedEvent<Body> {
  eventId: string
  stationId: string
  epoch: number
  seq: number
  occurredAt: number
  /** The moment by the station's hybrid clock, as text that sorts; null from a station of an earlier release. */
  hlc: string | null
  body: Body
}
