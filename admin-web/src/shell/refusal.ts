import { ORPCError } from '@orpc/client'

/**
 * The word of a refusal (`not-signed-in`, `booking-arrived`); null for a fault, such as a centre out of reach. Calls
 * whose contract does not name the end of the session refuse with the protocol's own `UNAUTHORIZED`: the same thing.
 */
export function refusalOf(error: unknown): string | null {
  if (!(error instanceof ORPCError) || error.status >= 500) return null
  return error.code === 'UNAUTHORIZED' ? 'not-signed-in' : error.code
}

/** The data that a refusal carries beside its word. */
export function refusalData(error: unknown): unknown {
  return error instanceof ORPCError ? error.data : undefined
}
