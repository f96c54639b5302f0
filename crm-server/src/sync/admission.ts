/** Lets only so many pieces of work in at a time, so that a storm of uploads cannot starve the people at the desk. */
export interface Admission {
  /** Takes a place, or says how long to stay away. */
  enter(): { admitted: true; leave(): void } | { admitted: false; retryAfterMs: number }
}

/** Stations that are turned away come back spread over this long, not all at once. */
const spreadMs = 2_000

/** An admission of `places` at a time; `random` in 0…1 spreads those turned away. */
export function createAdmission(places: number, random: () => number): Admission {
  let taken = 0
  return {
    enter() {
      if (taken >= places) return { admitted: false, retryAfterMs: Math.round(250 + random() * spreadMs) }
      taken += 1
      return {
        admitted: true,
        leave() {
          taken -= 1
        },
      }
    },
  }
}
