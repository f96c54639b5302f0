/** What a drill prints last; exit status 1 when not ok. */
export interface DrillVerdict {
  name: string
  seed: number
  /** What was acknowledged to somebody. */
  operations: number
  /** Faults injected. */
  faults: number
  lost: number
  duplicated: number
  torn: number
  ok: boolean
  /** What else the drill counted or took the time of. */
  figures?: Record<string, number>
}

/** How a drill came out, with a line of words for each thing that is wrong. */
export interface DrillResult {
  /** The verdicts that the last one sums up, where a drill has parts. */
  parts?: DrillVerdict[]
  verdict: DrillVerdict
  findings: string[]
}
