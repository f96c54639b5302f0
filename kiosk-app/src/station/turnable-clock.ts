import type { KioskClock } from '../kit/kiosk-clock.ts'

/** A clock for tests that stands still until it is turned. */
export interface TurnableClock extends KioskClock {
  /** Lets so much time pass, running what falls due in its order. */
  turn(byMs: number): void
}

/** A standing clock that begins at a moment. */
export function turnableClock(startsAt: number): TurnableClock {
  let now = startsAt
  let due: { at: number; run: () => void }[] = []
  const runNext = (until: number): boolean => {
    const next = due.toSorted((a, b) => a.at - b.at)[0]
    if (next === undefined || next.at > until) return false
    due = due.filter((one) => one !== next)
    now = next.at
    next.run()
    return true
  }
  return {
    now: () => now,
    after(delayMs, run) {
      const one = { at: now + delayMs, run }
      due.push(one)
      return () => {
        due = due.filter((other) => other !== one)
      }
    },
    turn(byMs) {
      const until = now + byMs
      while (runNext(until));
      now = until
    },
  }
}
