/** The request counters of a station that were seen: the highest, and which of the 32 up to it (bit 0: the highest). */
export interface SeenCounters {
  highest: number
  seen: number
}

const windowSize = 32

/**
 * The window after a request with this counter, or null when the counter was used before or is too old to tell: the
 * anti-replay window of RFC 4303 §3.4.3. Requests that overtake each other on parallel connections still pass.
 */
export function admitCounter({ highest, seen }: SeenCounters, counter: number): SeenCounters | null {
  if (!Number.isSafeInteger(counter) || counter < 1) return null
  if (counter > highest) {
    const shift = counter - highest
    const kept = shift >= windowSize ? 0 : (seen << shift) >>> 0
    return { highest: counter, seen: (kept | 1) >>> 0 }
  }
  const age = highest - counter
  if (age >= windowSize) return null
  const bit = (1 << age) >>> 0
  return (seen & bit) === 0 ? { highest, seen: (seen | bit) >>> 0 } : null
}
