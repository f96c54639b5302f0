import { uuidV7 } from '@yizhan/rules/rule/uuid-v7'

/**
 * So long is the id of an applied event kept, counted from the latest moment that it tells. A disk may be put back to a copy
 * of any age and sends all that the copy held; and a station's clock may be 400 days behind, whose new events then look old.
 */
export const idsKeptMs = 730 * 24 * 3_600_000

/** What the inbox knows of an event before it is applied. */
export type EventStanding = 'new' | 'applied-before' | 'too-old-to-know'

/** The least id of a moment: every UUIDv7 that was drawn earlier is smaller. */
export function firstIdOf(instantMs: number): string {
  return uuidV7(Math.max(0, instantMs), new Uint8Array(10))
}

/**
 * Whether an event may be applied. One whose id may have been forgotten is neither applied, for it could count twice, nor dropped,
 * for it could be missing: it is set aside for a person. By the hybrid clock, for that of the wall may stand in 1970.
 */
export function standingOf(
  event: { occurredAt: number; hlc: string | null; isKnown: boolean },
  nowMs: number,
): EventStanding {
  if (event.isKnown) return 'applied-before'
  const hybridMs = Number(event.hlc?.slice(0, 13) ?? 0)
  return Math.max(event.occurredAt, hybridMs) < nowMs - idsKeptMs ? 'too-old-to-know' : 'new'
}
