import { type ReadonlySignal, signal } from '@preact/signals'
import type { StationView } from '@yizhan/contracts/station'
import { type KioskClock, nothingScheduled } from '../kit/kiosk-clock.ts'
import { callTimeoutMs, outcomeOf, type StationClient } from './station-client.ts'

/** What the page knows of its station. */
export type StationSight =
  | { kind: 'asking' }
  | { kind: 'known'; view: StationView; askedAt: number }
  | { kind: 'unreachable'; view: StationView | null; askedAt: number }
  | { kind: 'not-launched' }

/** Keeps asking the station what it can do; news only make it ask earlier. */
export interface StationWatch {
  readonly sight: ReadonlySignal<StationSight>
  askNow(): void
  stop(): Promise<void>
}

/** A page whose pushes all got lost is still right within a quarter of a minute, the fleet's heartbeat. */
const askEveryMs = 15_000
/** A station is ready 3 s after a kill; asking each second makes the page usable within the promised 5 s. */
const askWhenAwayMs = 1_000

/** Starts watching the station. */
export function startStationWatch(deps: { client: StationClient; clock: KioskClock }): StationWatch {
  const sight = signal<StationSight>({ kind: 'asking' })
  let stopped = false
  let cancelNext: () => void = nothingScheduled
  let asking: Promise<void> | null = null
  let askAgain = false

  const ask = async () => {
    const outcome = await outcomeOf(deps.client.station.view(undefined, { signal: AbortSignal.timeout(callTimeoutMs) }))
    if (stopped) return
    const askedAt = deps.clock.now()
    if (outcome.kind === 'answer') sight.value = { kind: 'known', view: outcome.answer, askedAt }
    else if (outcome.kind === 'not-launched') sight.value = { kind: 'not-launched' }
    else sight.value = { kind: 'unreachable', view: viewOf(sight.value), askedAt }
  }
  const askNow = () => {
    cancelNext()
    if (stopped) return
    if (asking !== null) {
      askAgain = true
      return
    }
    asking = ask().finally(() => {
      asking = null
      if (stopped) return
      const again = askAgain
      askAgain = false
      if (again) askNow()
      else cancelNext = deps.clock.after(sight.value.kind === 'known' ? askEveryMs : askWhenAwayMs, askNow)
    })
  }
  askNow()
  return {
    sight,
    askNow,
    async stop() {
      stopped = true
      cancelNext()
      await asking
    },
  }
}

/** The last view that the station gave, if it ever gave one. */
export function viewOf(sight: StationSight): StationView | null {
  return sight.kind === 'known' || sight.kind === 'unreachable' ? sight.view : null
}
