import type { LinkFault } from '../fault/fault-proxy.ts'

/** What can happen to the link between a station and its centre. */
export type LinkStrike =
  | { kind: `link-${LinkFault['kind']}`; fault: LinkFault; forMs: number }
  | { kind: 'link-drop'; forMs: number }

/** What can happen to a station: ended without a word, stopped for a while, its disk full, a bit of its database turned. */
export interface StationStrike {
  kind: 'station-killed' | 'station-stopped' | 'station-disk-full' | 'station-bit-turned'
  forMs: number
}

/** What can happen to the centre. */
export interface CentreStrike {
  kind: 'centre-killed' | 'centre-stopped' | 'database-killed' | 'centre-disk-full'
  forMs: number
}

/** One thing after another at one place, each after a pause. */
export type Course<Strike> = readonly { afterMs: number; strike: Strike }[]

/** Everything that goes wrong in one round. */
export interface StormPlan {
  links: Course<LinkStrike>[]
  stations: Course<StationStrike>[]
  centre: Course<CentreStrike>
}

/** What kinds are drawn, each as often as it stands there: where no small disk can be mounted, none is filled. */
export interface StormKinds {
  smallDisks: boolean
}

/** A call to the centre is given up after 10 s: most faults end before, and some after. */
const longestLinkFaultMs = 3000
const longestPauseMs = 1500
const longestStopMs = 2500
const longestFullMs = 4000

/** Draws the faults of a round; the same numbers draw the same. */
export function drawStorm(random: () => number, stationCount: number, { smallDisks }: StormKinds): StormPlan {
  const stationKinds: StationStrike['kind'][] = [
    ...(['station-killed', 'station-killed', 'station-stopped', 'station-stopped', 'station-bit-turned'] as const),
    ...(smallDisks ? (['station-disk-full'] as const) : []),
  ]
  const centreKinds: CentreStrike['kind'][] = [
    ...(['centre-killed', 'centre-killed', 'centre-stopped', 'centre-stopped', 'database-killed'] as const),
    ...(smallDisks ? (['centre-disk-full'] as const) : []),
  ]
  const process = <Kind extends string>(kinds: readonly Kind[], kind = pick(random, kinds)) => ({
    kind,
    forMs: ceil(random, kind.endsWith('full') ? longestFullMs : longestStopMs),
  })
  const course = <Strike>(most: number, draw: () => Strike): Course<Strike> =>
    Array.from({ length: Math.floor(random() * (most + 1)) }, () => ({
      afterMs: ceil(random, longestPauseMs),
      strike: draw(),
    }))
  return {
    links: Array.from({ length: stationCount }, () => course(4, () => drawLinkStrike(random))),
    stations: Array.from({ length: stationCount }, () => course(2, () => process(stationKinds))),
    centre: course(2, () => process(centreKinds)),
  }
}

function drawLinkStrike(random: () => number): LinkStrike {
  const forMs = ceil(random, longestLinkFaultMs)
  const way = pick(random, ['up', 'down', 'both'] as const)
  const faults: readonly LinkFault[] = [
    { kind: 'delay', ms: ceil(random, 300), jitterMs: ceil(random, 300) },
    { kind: 'half-open', way },
    { kind: 'half-open', way },
    { kind: 'corrupt', share: 0.05 + random() * 0.5 },
    { kind: 'corrupt', share: 0.05 + random() * 0.5 },
    { kind: 'slow', bytesPerS: 500 + ceil(random, 20_000) },
    { kind: 'refuse' },
  ]
  const fault = faults[Math.floor(random() * (faults.length + 1))]
  return fault === undefined ? { kind: 'link-drop', forMs: 1 } : { kind: `link-${fault.kind}`, fault, forMs }
}

function pick<Value>(random: () => number, values: readonly Value[]): Value {
  const value = values[Math.floor(random() * values.length)]
  if (value === undefined) throw new RangeError('nothing to pick from')
  return value
}

function ceil(random: () => number, most: number): number {
  return Math.ceil(random() * most)
}
