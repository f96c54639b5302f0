import { runSeed } from '../simulation/simulated-run.ts'
import type { RunOptions, SimulatedRun } from '../simulation/simulated-world.ts'
import type { DrillResult } from './drill-verdict.ts'

/** How a drill of the simulation goes. */
export interface SyncDrillPlan {
  /** Seeds to run, one after another. */
  kills: number
  /** The first of them. */
  seed: number
  /** Told of the progress, in words. */
  say: (line: string) => void
}

/** Traces of so many failing seeds are printed; who has more has one cause for most of them. */
const mostTraces = 3

/** Runs so many seeds of the simulated hall; a seed that fails says how, step by step, and how to run it again. */
export async function runSyncDrill(
  { kills, seed, say }: SyncDrillPlan,
  options: RunOptions = {},
): Promise<DrillResult> {
  const failed: SimulatedRun[] = []
  let [operations, faults] = [0, 0]
  for (let at = 0; at < kills; at += 1) {
    const run = await runSeed(seed + at, options)
    operations += run.operations
    faults += run.faults
    if (run.findings.length > 0) failed.push(run)
    if ((at + 1) % 100 === 0)
      say(`${at + 1} seeds, ${operations} operations, ${faults} faults, ${failed.length} failed`)
  }
  const all = failed.flatMap(({ findings }) => findings)
  const count = (kind: string) => all.filter((finding) => finding.kind === kind).length
  const [lost, duplicated, torn] = [count('lost'), count('duplicated'), count('torn')]
  return {
    verdict: { name: 'sync', seed, operations, faults, lost, duplicated, torn, ok: failed.length === 0 },
    findings: failed.flatMap((run, at) => tellOf(run, at < mostTraces)),
  }
}

function tellOf({ seed, trace, findings }: SimulatedRun, withTrace: boolean): string[] {
  return [
    ...(withTrace ? trace : []),
    ...findings.map(({ kind, words }) => `seed ${seed}: ${kind}: ${words}`),
    `again: npm run drill -- sync --count 1 --seed ${seed}`,
  ]
}
