import type { CheckInStep, StepOf } from './check-in-step.ts'

/** What the bar offers besides help, language and display; `not-me` starts over too, once somebody was named. */
export interface WaysOut {
  readonly back: boolean
  readonly startOver: 'start-over' | 'not-me' | null
}

/** The ways out that the bar shows: none beside 「完成」, and on a refusal only the one that its own button is not. */
export function waysOut(step: CheckInStep, now: number): WaysOut {
  if (step.kind === 'attract' || step.kind === 'ticket' || step.kind === 'already-checked-in') {
    return { back: false, startOver: null }
  }
  if (step.kind === 'reading-card') return { back: false, startOver: 'start-over' }
  const startOver = step.session.identified ? 'not-me' : 'start-over'
  if (step.kind !== 'refused' && step.kind !== 'not-now') return { back: true, startOver }
  const goesOn = step.kind === 'refused' ? againOf(step, now) !== null : step.appointments.length > 1
  return goesOn ? { back: false, startOver } : { back: true, startOver: null }
}

/** How the patient can go on after a refusal; null when only leaving is left. */
export function againOf({ refusal }: StepOf<'refused'>, now: number) {
  switch (refusal.why) {
    case 'not-found':
    case 'session-over':
    case 'outcome-unknown':
      return { event: 'retype', word: 'refused.retype' } as const
    case 'too-many-tries':
      return refusal.untilMs > now ? null : ({ event: 'retype', word: 'refused.retype' } as const)
    case 'scan-refused':
    case 'scan-forged':
    case 'scan-gone':
    case 'card-refused':
    case 'card-gone':
    case 'card-not-found':
    case 'decoder-unreachable':
      return { event: 'retype', word: 'refused.type' } as const
    case 'station-unreachable':
      return { event: 'retry', word: 'refused.try-again' } as const
    case 'out-of-service':
    case 'storage-full':
      return null
  }
}
