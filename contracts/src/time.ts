import { z } from 'zod'

/** A moment as milliseconds since 1970-01-01T00:00Z; the year 9999 is the last one accepted. */
export const instantMs = z.int().min(0).max(253_402_300_799_999)

/** A day of the hospital's own calendar, `2026-11-22`, in the hospital's time zone; years 1000 to 2999. */
export const hospitalDay = z.iso.date().regex(/^[12]/)

/** An IANA time zone name, `Asia/Shanghai`. */
export const timeZone = z
  .string()
  .regex(/^[A-Za-z]+(?:\/[A-Za-z0-9_+-]+)*$/)
  .max(64)
