import { type ReadonlySignal, signal } from '@preact/signals'
import type { ReadinessReport } from '@yizhan/contracts/readiness'
import { type KioskClock, nothingScheduled } from '../kit/kiosk-clock.ts'
import type { Patience } from '../session/idle-watch.ts'

/** The way to the readiness report (就绪检查) from the first screen, which patients do not find by chance. */
export interface ReadinessDoor {
  readonly open: ReadonlySignal<boolean>
  /** The newest report that the station pushed. */
  readonly pushed: ReadonlySignal<ReadinessReport | null>
  /** A finger is laid on the station's name. */
  press(): void
  release(): void
  heard(report: ReadinessReport): void
  close(): void
}

/** Nobody rests a finger on a name for three seconds without meaning it. */
const holdMs = 3_000

/** Longer than the minute in which a run waits for scan, card and key. */
export const readinessPatience: Patience = { kind: 'clearing', clearMs: 90_000 }

/** A shut door; it opens only while nobody is being served. */
export function readinessDoor(deps: { clock: KioskClock; isFree(): boolean }): ReadinessDoor {
  const open = signal(false)
  const pushed = signal<ReadinessReport | null>(null)
  let cancel: () => void = nothingScheduled
  const release = () => {
    cancel()
    cancel = nothingScheduled
  }
  return {
    open,
    pushed,
    release,
    press() {
      release()
      cancel = deps.clock.after(holdMs, () => {
        if (deps.isFree()) open.value = true
      })
    },
    heard(report) {
      pushed.value = report
    },
    close() {
      release()
      open.value = false
    },
  }
}
