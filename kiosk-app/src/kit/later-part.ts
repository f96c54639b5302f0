import { type ReadonlySignal, signal } from '@preact/signals'
import { type KioskClock, nothingScheduled } from './kiosk-clock.ts'

/** A part of the page that is fetched only once the first screen stands, or earlier when it is needed. */
export interface LaterPart<Part> {
  /** Null until it is there. */
  readonly part: ReadonlySignal<Part | null>
  /** Fetches it now, unless that was done; an attempt that fails is made again. */
  fetchNow(): void
  stop(): void
}

/** Two seconds after the start the first screen has long been painted, and nobody has had time to find a card. */
const quietMs = 2_000
/** The station serves the file within milliseconds; a second later it may be back. */
const againMs = 1_000

/** A part that will be fetched in the first quiet moment. */
export function laterPart<Part>(load: () => Promise<Part>, clock: KioskClock): LaterPart<Part> {
  const part = signal<Part | null>(null)
  let fetching = false
  let cancel: () => void = nothingScheduled
  const fetchNow = () => {
    if (fetching || part.peek() !== null) return
    fetching = true
    cancel()
    load().then(
      (loaded) => {
        part.value = loaded
      },
      () => {
        fetching = false
        cancel = clock.after(againMs, fetchNow)
      },
    )
  }
  cancel = clock.after(quietMs, fetchNow)
  return { part, fetchNow, stop: () => cancel() }
}
