import type { StationLog } from './station-log.ts'

/** A loop that can be hurried and stopped. */
export interface StationLoop {
  /** Runs again at once, or right after the run that is under way. */
  wake(): void
  stop(): Promise<void>
}

/** Waits between runs: after work was done, when there was none, and after a failure (doubling up to the longest). */
export interface LoopPace {
  idleMs: number
  firstRetryMs: number
  longestRetryMs: number
}

/** What a run says of the next one. */
export type WorkDone = 'more' | 'done' | { waitMs: number }

/**
 * Runs `work` again and again: at once while it says there is more, after `idleMs` when not, after the time that it was told to
 * stay away, and after a failure with doubled, jittered waits. A failure is a warning, never an end.
 */
export function startStationLoop(
  name: string,
  pace: LoopPace,
  log: StationLog,
  work: () => Promise<WorkDone>,
): StationLoop {
  let stopped = false
  let woken = false
  let interrupt: () => void = () => undefined
  const rest = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms)
      interrupt = () => {
        clearTimeout(timer)
        resolve()
      }
      if (woken || stopped) interrupt()
    })
  const run = async () => {
    let failures = 0
    while (!stopped) {
      woken = false
      let waitMs = pace.idleMs
      try {
        const done = await work()
        if (done === 'more') waitMs = 0
        else if (done !== 'done') waitMs = done.waitMs
        failures = 0
      } catch (error) {
        waitMs = retryWaitMs(pace, failures++)
        log.warn({ loop: name, failures, error: String(error) }, 'station loop failed')
      }
      if (waitMs > 0) await rest(waitMs)
    }
  }
  const running = run()
  return {
    wake() {
      woken = true
      interrupt()
    },
    async stop() {
      stopped = true
      interrupt()
      await running
    },
  }
}

// Full jitter keeps a hall of stations from knocking at the same moment after an outage.
function retryWaitMs({ firstRetryMs, longestRetryMs }: LoopPace, failures: number): number {
  return Math.min(longestRetryMs, firstRetryMs * 2 ** failures) * (0.5 + Math.random() / 2)
}
