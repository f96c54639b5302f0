import { setTimeout as sleep } from 'node:timers/promises'

/** A piece of work that is done again and again until it is stopped. */
export interface CentreLoop {
  /** Does the work at once, or once more when it is being done right now. */
  wake(): void
  /** Resolves when the round under way has ended and no other will begin. */
  stop(): Promise<void>
}

/** Does `work`, waits `everyMs` or until woken, and so on. A round that throws is told and the loop goes on. */
export function startCentreLoop(loop: {
  everyMs: number
  /** Left out: the first round begins at once. */
  firstAfterMs?: number
  work: (isStopping: () => boolean) => Promise<void>
  onFault: (error: unknown) => void
}): CentreLoop {
  let stopping = false
  let pause = new AbortController()
  const wait = async (ms: number) => {
    // Woken means the wait is over: the abort is the news, not a fault.
    await sleep(ms, undefined, { signal: pause.signal }).catch(() => undefined)
  }
  const run = async (): Promise<void> => {
    await wait(loop.firstAfterMs ?? 0)
    while (!stopping) {
      pause = new AbortController()
      await loop.work(() => stopping).catch(loop.onFault)
      if (!stopping) await wait(loop.everyMs)
    }
  }
  const running = run()
  return {
    wake: () => pause.abort(),
    async stop() {
      stopping = true
      pause.abort()
      await running
    },
  }
}
