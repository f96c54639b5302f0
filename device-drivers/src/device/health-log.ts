import type { DeviceChangeSource, DeviceHealth, DeviceKind } from '@yizhan/contracts/device'
import type { DeviceSight } from './driver.ts'

/** Hears of a change of health, and who saw it. */
export type HealthListener = (health: DeviceHealth, source: DeviceChangeSource) => void

/** The last health of one device, with a sequence that only grows, and who wants to hear of changes. */
export class HealthLog {
  readonly #now: () => number
  readonly #listeners = new Set<HealthListener>()
  #last: DeviceHealth

  constructor(deviceId: string, kind: DeviceKind, now: () => number) {
    this.#now = now
    this.#last = { deviceId, kind, phase: 'opening', reasons: [], since: now(), seq: 0 }
  }

  get last(): DeviceHealth {
    return this.#last
  }

  /** Takes what was seen; listeners hear only of what changed. */
  see(sight: DeviceSight, source: DeviceChangeSource): void {
    const { phase, reasons, evidence } = this.#last
    if (JSON.stringify({ phase, reasons, evidence }) === JSON.stringify(sightKey(sight))) return
    const { deviceId, kind, seq } = this.#last
    this.#last = { deviceId, kind, ...sight, since: this.#now(), seq: seq + 1 }
    for (const listener of this.#listeners) listener(this.#last, source)
  }

  listen(listener: HealthListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Resolves when the health is as wanted, or the signal aborts. */
  until(wanted: (health: DeviceHealth) => boolean, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        this.#listeners.delete(check)
        signal.removeEventListener('abort', end)
        resolve()
      }
      const check = (health: DeviceHealth) => {
        if (wanted(health) || signal.aborted) end()
      }
      this.#listeners.add(check)
      signal.addEventListener('abort', end)
      check(this.#last)
    })
  }
}

function sightKey({ phase, reasons, evidence }: DeviceSight): object {
  return { phase, reasons, evidence }
}
