/** One comparison of a bench, as it is printed on one line of standard output. */
export interface Comparison {
  name: string
  unit: string
  ours: number
  other: number
  /** What `other` is: a peer, the raw disk, or, where no peer exists, the goal itself. */
  otherName: string
  /** More than 1 means that ours is better, unless the goal itself is a share of a limit: then ours / limit. */
  ratio: number
  /** The least ratio that is good enough. */
  goal: number
  /** How many measurements the medians are taken over. */
  runs: number
}

/** The middle of the values, or the mean of the two middle ones; NaN of none. */
export function median(values: readonly number[]): number {
  return percentile(values, 0.5)
}

/** The value below which a share of the values lies, interpolated between neighbours; NaN of none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other)
  const place = (sorted.length - 1) * share
  const below = sorted[Math.floor(place)] ?? Number.NaN
  const above = sorted[Math.ceil(place)] ?? Number.NaN
  return below + (above - below) * (place - Math.floor(place))
}

/** A comparison where more is better: rates. */
export function compareRates(line: Omit<Comparison, 'ratio'>): Comparison {
  return { ...line, ratio: line.ours / line.other }
}

/** A comparison where less is better: times and bytes. */
export function compareCosts(line: Omit<Comparison, 'ratio'>): Comparison {
  return { ...line, ratio: line.other / line.ours }
}

/** The line that stands for a comparison which this machine cannot make, with the reason. */
export interface SkippedComparison {
  name: string
  skipped: string
}

/** What a bench has to say; the headline comes last. */
export type BenchLine = Comparison | SkippedComparison

/** The line as it is printed, figures to four digits. */
export function formatBenchLine(line: BenchLine): string {
  return JSON.stringify(line, (_key, value: unknown) =>
    typeof value === 'number' && Number.isFinite(value) ? Number(value.toPrecision(4)) : value,
  )
}
