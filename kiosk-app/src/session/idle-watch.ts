import { type ReadonlySignal, signal } from '@preact/signals'
import { type KioskClock, nothingScheduled } from '../kit/kiosk-clock.ts'

/** How long a screen may stand untouched. */
export type Patience =
  /** Nothing private is shown, or work is under way that must finish first. */
  | { kind: 'endless' }
  /** After `idleMs` the patient is asked; after `askMs` more the screen is cleared. */
  | { kind: 'asking'; idleMs: number; askMs: number }
  /** Cleared after `clearMs` without a question; a touch starts it again. */
  | { kind: 'clearing'; clearMs: number }

/** What the screen shows of the time that runs out; counts whole seconds. */
export type IdleSight =
  | { kind: 'calm' }
  | { kind: 'asking'; secondsLeft: number }
  | { kind: 'clearing'; secondsLeft: number }

/** Watches for the patient who has gone. */
export interface IdleWatch {
  readonly sight: ReadonlySignal<IdleSight>
  /** Somebody touched, typed or scanned. While the question stands only its buttons count. */
  heard(): void
  /** The patient asked for more time; may be asked for without limit. */
  moreTime(): void
  /** Sets the patience of the screen now shown, and starts it again. */
  expect(patience: Patience): void
  stop(): void
}

const secondMs = 1_000

/** Starts watching; `timeUp` is called once when the patience has run out. */
export function startIdleWatch(deps: { clock: KioskClock; timeUp(): void }): IdleWatch {
  const sight = signal<IdleSight>({ kind: 'calm' })
  let patience: Patience = { kind: 'endless' }
  let cancel: () => void = nothingScheduled

  const countDown = (kind: 'asking' | 'clearing', secondsLeft: number) => {
    if (secondsLeft <= 0) {
      sight.value = { kind: 'calm' }
      deps.timeUp()
      return
    }
    sight.value = { kind, secondsLeft }
    cancel = deps.clock.after(secondMs, () => countDown(kind, secondsLeft - 1))
  }
  const restart = () => {
    cancel()
    cancel = nothingScheduled
    sight.value = { kind: 'calm' }
    if (patience.kind === 'clearing') countDown('clearing', patience.clearMs / secondMs)
    if (patience.kind !== 'asking') return
    const { idleMs, askMs } = patience
    cancel = deps.clock.after(idleMs, () => countDown('asking', askMs / secondMs))
  }
  return {
    sight,
    heard() {
      if (sight.peek().kind !== 'asking') restart()
    },
    moreTime: restart,
    expect(expected) {
      patience = expected
      restart()
    },
    stop: () => cancel(),
  }
}
