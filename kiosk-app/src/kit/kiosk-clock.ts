/** Time as the page meets it; tests turn it by hand. */
export interface KioskClock {
  now(): number
  /** Runs once after so many milliseconds, unless cancelled by the function it returns. */
  after(delayMs: number, run: () => void): () => void
}

/** The browser's own clock and timers. */
export const browserClock: KioskClock = {
  now: () => Date.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs)
    return () => clearTimeout(timer)
  },
}

/** Stands where a timer may be cancelled before one was set. */
export function nothingScheduled(): undefined {
  return undefined
}
