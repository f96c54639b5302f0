/** An event that a station reported, once its body has been understood. */
export interface ReportedEvent<Body> {
  eventId: string
  stationId: string
  epoch: number
  seq: number
  occurredAt: number
  body: Body
}
