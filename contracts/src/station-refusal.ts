import { z } from 'zod'

/** Why the centre does not serve a station at all. */
export const stationRefusals = {
  'signature-invalid': { status: 401, message: 'The request is not signed by an enrolled station' },
  'station-revoked': { status: 403, message: 'This station has been revoked' },
  'station-quarantined': { status: 423, message: 'Two machines have the key of this station; pair this one anew' },
  'request-replayed': {
    status: 401,
    message: 'This counter was already used',
    /** The highest counter that was seen; the next request goes on above it. */
    data: z.strictObject({ highest: z.int().min(0) }).optional(),
  },
  /** Said before anything else of the request is looked at: there is too much to do for stations at this moment. */
  busy: { status: 503, message: 'Come back later', data: z.strictObject({ retryAfterMs: z.int().min(0) }) },
} as const
