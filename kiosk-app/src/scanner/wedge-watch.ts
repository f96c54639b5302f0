import { effect } from '@preact/signals'
import type { StationSight } from '../station/station-watch.ts'

/** The part of the page that hears a scanner in keyboard mode. */
export type WedgeScanner = typeof import('./wedge-scanner.ts')

/** What hearing such a scanner needs. */
export interface WedgeDeps {
  station: { sight: { readonly value: StationSight } }
  load(): Promise<WedgeScanner>
  scanned(text: string): void
  /** What was scanned is no code of ours in any case: too long, or not of plain characters. */
  refused(refusal: 'too-long' | 'unreadable'): void
}

/**
 * Hears a scanner that types (键盘口扫码枪) as long as the station says that it has no scanner of its own: with one, every
 * key is a person's.
 */
export function startWedgeWatch(deps: WedgeDeps): { stop(): Promise<void> } {
  let listening: { stop(): void } | null = null
  let wanted = false
  const stopEffect = effect(() => {
    const sight = deps.station.sight.value
    if (sight.kind !== 'known') return
    wanted = sight.view.scanner === null
    if (!wanted) {
      listening?.stop()
      listening = null
    } else if (listening === null) void start()
  })
  const start = async () => {
    const part = await deps.load().catch(() => null)
    // Asked again with the station's next answer when the file did not come.
    if (part !== null && wanted && listening === null) listening = part.hearWedge(window, deps)
  }
  return {
    stop() {
      stopEffect()
      wanted = false
      listening?.stop()
      return Promise.resolve()
    },
  }
}
