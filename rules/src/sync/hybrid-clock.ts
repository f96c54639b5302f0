/**
 * A moment of a hybrid logical clock (Kulkarni et al., "Logical Physical Clocks", 2014): wall time in milliseconds, and a
 * counter that keeps order while the wall clock stands still or has gone back.
 */
export interface HybridTime {
  wallMs: number
  count: number
}

/** A remote clock that is ahead by more is wrong, and must not drag ours with it (the sync protocol's bound). */
export const longestAdoptedMs = 60_000

/** The counter has 16 bits; beyond them the wall part is pushed on by a millisecond. */
const mostCounts = 0xffff

/** Before the first event. */
export const hybridStart: HybridTime = { wallMs: 0, count: 0 }

/** The time of the next own event: greater than every one before, and not before the wall clock. */
export function tickHybrid(last: HybridTime, nowMs: number): HybridTime {
  if (nowMs > last.wallMs) return { wallMs: nowMs, count: 0 }
  return after(last)
}

/**
 * The own clock after a message from another: greater than both, unless the other is more than a minute ahead of our wall clock;
 * then the other is wrong and only the own part counts.
 */
export function hearHybrid(last: HybridTime, heard: HybridTime, nowMs: number): HybridTime {
  const own = tickHybrid(last, nowMs)
  if (heard.wallMs > nowMs + longestAdoptedMs) return own
  return compareHybrid(heard, own) < 0 ? own : after(heard)
}

/** Negative when the first is earlier; zero only for equal times. */
export function compareHybrid(one: HybridTime, other: HybridTime): number {
  return one.wallMs === other.wallMs ? one.count - other.count : one.wallMs - other.wallMs
}

/** As text that sorts like the times themselves: 13 digits of milliseconds, a dot, 5 digits of count. */
export function writeHybrid({ wallMs, count }: HybridTime): string {
  return `${String(wallMs).padStart(13, '0')}.${String(count).padStart(5, '0')}`
}

/** The time of such a text; null when it is none. */
export function readHybrid(text: string): HybridTime | null {
  const match = /^(\d{13})\.(\d{5})$/.exec(text)
  if (match === null) return null
  const count = Number(match[2])
  return count > mostCounts ? null : { wallMs: Number(match[1]), count }
}

function after({ wallMs, count }: HybridTime): HybridTime {
  return count < mostCounts ? { wallMs, count: count + 1 } : { wallMs: wallMs + 1, count: 0 }
}
