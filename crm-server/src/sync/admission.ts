/** What a station wants: changes of its feed, to bring events, or anything else (greetings, reports, leases, its doorbell). */
export type StationWork = 'feed' | 'upload' | 'other'

/** Lets only so much work of stations in at a time, so that a storm of them cannot starve the people at the desk. */
export interface Admission {
  /** Takes a place, or says how long to stay away. */
  enter(work: StationWork): { admitted: true; leave(): void } | { admitted: false; retryAfterMs: number }
}

/** Stations that are turned away come back spread over this long, not all at once. */
const spreadMs = 2_000

/**
 * A kind of work is let in while there is less than so much of its own kind, and so much of all kinds. Feeds are turned away first:
 * whoever waits for news loses nothing. Reports last: a station that cannot report looks broken. An upload is the dearest, and more of
 * them at a time than a disk takes in make each slower and none sooner.
 */
const limits: Record<StationWork, { ofItsKind: number; ofAll: number }> = {
  feed: { ofItsKind: 16, ofAll: 16 },
  upload: { ofItsKind: 6, ofAll: 24 },
  other: { ofItsKind: 32, ofAll: 32 },
}

/** An admission with nobody in it; `random` in 0…1 spreads those turned away. */
export function createAdmission(random: () => number): Admission {
  const inside: Record<StationWork, number> = { feed: 0, upload: 0, other: 0 }
  return {
    enter(work) {
      const { ofItsKind, ofAll } = limits[work]
      const all = inside.feed + inside.upload + inside.other
      if (inside[work] >= ofItsKind || all >= ofAll) {
        return { admitted: false, retryAfterMs: Math.round(250 + random() * spreadMs) }
      }
      inside[work] += 1
      return {
        admitted: true,
        leave() {
          inside[work] -= 1
        },
      }
    },
  }
}

/** What a call of the sync contract is to the admission. */
export function workOfCall(path: string): StationWork {
  if (path.endsWith('/upload')) return 'upload'
  return path.endsWith('/pull') ? 'feed' : 'other'
}
