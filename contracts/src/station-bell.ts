import { z } from 'zod'

/** What the centre pushes to a station's socket: a doorbell, never data. */
export const centreDoorbells = ['feed-changed'] as const

/** The socket.io `path` of the stations' doorbell, and the path that its handshake signs. */
export const doorbellPath = '/doorbell'

/**
 * The `auth` of a doorbell connection: the headers of a signed request `GET /doorbell` with an empty body, by the same
 * rule and from the same counter as every other request of the station. Made anew for every connection.
 */
export const doorbellHandshake = z.strictObject({
  contentDigest: z.string().max(200),
  signatureInput: z.string().max(400),
  signature: z.string().max(200),
  counter: z.int().min(1),
})
export type DoorbellHandshake = z.infer<typeof doorbellHandshake>
