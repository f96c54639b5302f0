import { z } from 'zod'

/** A UUIDv7 (RFC 9562 §5.7), made by whoever makes the thing. */
export const id = z.uuid({ version: 'v7' })

/** A key that its maker repeats on a retry; the receiver carries the work out once. */
export const operationId = z.uuid()
