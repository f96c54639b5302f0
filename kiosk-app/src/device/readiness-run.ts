import { type ReadonlySignal, signal } from '@preact/signals'
import type { ReadinessReport } from '@yizhan/contracts/readiness'
import { outcomeOf, type StationClient } from '../station/station-client.ts'

/** Why something was not done; told on the screen, the report stays. */
export type ReadinessProblem =
  | { why: 'tested-just-now'; untilMs: number }
  | { why: 'session-running' | 'report-missing' | 'printer-not-ready' | 'station-unreachable' }

/** What the readiness screen shows. */
export interface ReadinessSight {
  readonly report: ReadinessReport | null
  readonly busy: 'looking' | 'starting' | 'printing' | null
  readonly problem: ReadinessProblem | null
}

/** The readiness check (就绪检查) as long as its screen is open. */
export interface ReadinessRun {
  readonly sight: ReadonlySignal<ReadinessSight>
  start(): Promise<void>
  print(): Promise<void>
  /** A report was pushed; an older one than is known changes nothing. */
  heard(report: ReadinessReport): void
  /** Leaves the screen; a run that still waits is ended, so that scans and cards are for patients again. */
  stop(): void
}

/** Opens the check with the last report. */
export function openReadinessRun(deps: { client: StationClient; newId(): string; now(): number }): ReadinessRun {
  const { readiness } = deps.client
  const sight = signal<ReadinessSight>({ report: null, busy: 'looking', problem: null })
  let left = false
  const show = (changes: Partial<ReadinessSight>) => {
    sight.value = { ...sight.peek(), ...changes }
  }
  const heard = (report: ReadinessReport) => {
    const known = sight.peek().report
    if (known === null || report.changedAt >= known.changedAt) show({ report })
  }
  const endRun = () => void readiness.end().catch(() => undefined)
  const look = async () => {
    const outcome = await outcomeOf(readiness.view())
    if (outcome.kind === 'answer' && outcome.answer) heard(outcome.answer)
    show({ busy: null, problem: outcome.kind === 'answer' ? null : { why: 'station-unreachable' } })
  }
  void look()
  return {
    sight,
    heard,
    async start() {
      show({ busy: 'starting', problem: null })
      const outcome = await outcomeOf(readiness.start({ operationId: deps.newId() }))
      show({ busy: null })
      if (outcome.kind === 'answer') {
        heard(outcome.answer)
        if (left) endRun()
      } else if (outcome.kind === 'refusal') show({ problem: startProblem(outcome.refusal, deps.now()) })
      else show({ problem: { why: 'station-unreachable' } })
    },
    async print() {
      show({ busy: 'printing', problem: null })
      const outcome = await outcomeOf(readiness.print({ operationId: deps.newId() }))
      show({ busy: null })
      if (outcome.kind === 'answer') heard(outcome.answer)
      else show({ problem: { why: outcome.kind === 'refusal' ? outcome.refusal.code : 'station-unreachable' } })
    },
    stop() {
      left = true
      if (sight.peek().report?.running) endRun()
    },
  }
}

function startProblem(
  refusal: { code: 'session-running' } | { code: 'tested-just-now'; data: { retryAfterMs: number } },
  now: number,
): ReadinessProblem {
  return refusal.code === 'tested-just-now'
    ? { why: refusal.code, untilMs: now + refusal.data.retryAfterMs }
    : { why: refusal.code }
}
