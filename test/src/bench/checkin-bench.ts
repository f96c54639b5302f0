import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type BenchLine, compareRates, median } from './bench-line.ts'
import { makeFsyncDelay } from './fsync-delay.ts'

const trialFile = fileURLToPath(new URL('./checkin-trial-main.ts', import.meta.url))
// On the disk of the checkout: a temporary folder may be memory, where a sync costs nothing.
const scratch = fileURLToPath(new URL('../../../.tmp', import.meta.url))

/** A kiosk's flash card takes about so long for a sync. */
const slowSyncMs = 2

interface TrialRound {
  rawPerSecond: number
  onePerSecond: number
  waitingPerSecond: number
}

/** The station's check-in transaction against the disk's own rate of durable writes, in the same run. */
export async function benchCheckIn(): Promise<BenchLine[]> {
  mkdirSync(scratch, { recursive: true })
  const folder = mkdtempSync(join(scratch, 'bench-checkin-'))
  try {
    const delay = makeFsyncDelay(folder, slowSyncMs)
    const slow = delay.ok
      ? compareTrial('2 ms per sync', runTrial(folder, { rounds: 7, one: 300 }, delay.env), { one: 0.75, waiting: 12 })
      : [{ name: 'checkin, 2 ms per sync', skipped: delay.reason }]
    const here = compareTrial('this disk', runTrial(folder, { rounds: 9, one: 500 }, {}), { one: 0.15, waiting: 0.5 })
    return [...slow, ...here]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Runs the interleaved rounds in a child of its own, which the shim can be loaded into. */
function runTrial(folder: string, load: { rounds: number; one: number }, env: NodeJS.ProcessEnv): TrialRound[] {
  const waiting = 1600
  const output = execFileSync(
    process.execPath,
    [trialFile, folder, String(load.rounds), String(load.one), String(waiting)],
    { env: { ...process.env, ...env }, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
  )
  return output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as TrialRound)
}

/** Two comparisons of one trial, the one caller last. */
function compareTrial(where: string, rounds: TrialRound[], goals: { one: number; waiting: number }): BenchLine[] {
  const medianOf = (name: keyof TrialRound) => median(rounds.map((round) => round[name]))
  const line = (callers: string, ours: number, goal: number) =>
    compareRates({
      name: `checkin, ${callers}, ${where}`,
      unit: 'durable check-ins/s',
      ours,
      other: medianOf('rawPerSecond'),
      otherName: '4 KiB write + fdatasync, one after the other',
      goal,
      runs: rounds.length,
    })
  return [
    line('32 waiting', medianOf('waitingPerSecond'), goals.waiting),
    line('one caller', medianOf('onePerSecond'), goals.one),
  ]
}
