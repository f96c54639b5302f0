import { ORPCError } from '@orpc/client'

/** The word of a refusal (`not-signed-in`, `booking-arrived`); null for a fault, such as a centre out of reach. */
export function refusalOf(error: unknown): string | null {
  return error instanceof ORPCError && error.status < 500 ? error.code : null
}

/** The data that a refusal carries beside its word. */
export function refusalData(error: unknown): unknown {
  return error instanceof ORPCError ? error.data : undefined
}
