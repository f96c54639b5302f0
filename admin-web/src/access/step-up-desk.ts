import { refusalOf } from '../shell/refusal.ts'

/** Where a call waits that asked for the second factor again, until its maker has proved it. */
export interface StepUpDesk {
  /** Asks the person at the page; true once the factor is proved, false when they turned away. Calls that wait together ask once. */
  ask(): Promise<boolean>
  /** Tells the page that somebody waits; it answers by `settle`. */
  attend(onAsk: () => void): { stop(): void }
  settle(proved: boolean): void
}

/** A desk without anybody at it: until a page attends, nobody can be asked. */
export function createStepUpDesk(): StepUpDesk {
  let attendant: (() => void) | null = null
  let waiting: PromiseWithResolvers<boolean> | null = null
  return {
    ask() {
      if (attendant === null) return Promise.resolve(false)
      if (waiting === null) {
        waiting = Promise.withResolvers<boolean>()
        attendant()
      }
      return waiting.promise
    },
    attend(onAsk) {
      attendant = onAsk
      return {
        stop() {
          if (attendant === onAsk) attendant = null
        },
      }
    },
    settle(proved) {
      waiting?.resolve(proved)
      waiting = null
    },
  }
}

/**
 * Makes a call, and the very same once more, operation id and all, when the centre wants the second factor proved first and
 * its maker proves it.
 */
export async function repeatedAfterProof<Answer>(
  desk: Pick<StepUpDesk, 'ask'>,
  call: () => Promise<Answer>,
): Promise<Answer> {
  try {
    return await call()
  } catch (error) {
    if (refusalOf(error) !== 'step-up-needed' || !(await desk.ask())) throw error
  }
  return await call()
}
