import type { DeviceChange } from '@yizhan/contracts/device'

/** A reader that is plugged in, a roll that is changed, a cover that is opened thrice: some tens of changes within a minute. */
const burst = 30

/** Beyond that one change of a device in 10 s is kept: a device that flaps for a whole day then fills less than the ring. */
const refillEveryMs = 10_000

/** What may be written now, and how many changes of which device were left out on the way. */
export interface LimitedChanges {
  changes: DeviceChange[]
  dropped: { deviceId: string; count: number }[]
}

interface DeviceAllowance {
  waiting: DeviceChange[]
  dropped: number
  allowed: number
  refilledAt: number
}

/**
 * Bounds how many changes of one device are kept, so that a flapping reader does not push the others out of the ring. What
 * is left out lies between two that are kept, as the gap in their `seq` says; the newest is never left out, only late.
 */
export class FlapLimit {
  readonly #devices = new Map<string, DeviceAllowance>()

  /** Takes a change in. */
  offer(change: DeviceChange, now: number): void {
    const device = this.#devices.get(change.deviceId) ?? { waiting: [], dropped: 0, allowed: burst, refilledAt: now }
    this.#devices.set(change.deviceId, device)
    device.waiting.push(change)
    if (device.waiting.length <= burst) return
    device.waiting.shift()
    device.dropped += 1
  }

  /** What may be written now, oldest first. */
  take(now: number): LimitedChanges {
    const taken: LimitedChanges = { changes: [], dropped: [] }
    for (const [deviceId, device] of this.#devices) {
      refill(device, now)
      const excess = device.waiting.length - Math.max(1, device.allowed)
      if (excess > 0) {
        device.waiting.splice(0, excess)
        device.dropped += excess
      }
      if (device.allowed === 0 || device.waiting.length === 0) continue
      device.allowed -= device.waiting.length
      taken.changes.push(...device.waiting.splice(0))
      if (device.dropped > 0) taken.dropped.push({ deviceId, count: device.dropped })
      device.dropped = 0
    }
    taken.changes.sort((one, other) => one.since - other.since)
    return taken
  }
}

function refill(device: DeviceAllowance, now: number): void {
  const refills = Math.floor((now - device.refilledAt) / refillEveryMs)
  // A clock that was put back would stop the refill until it has caught up.
  if (refills < 0) device.refilledAt = now
  if (refills <= 0) return
  device.allowed = Math.min(burst, device.allowed + refills)
  device.refilledAt = device.allowed === burst ? now : device.refilledAt + refills * refillEveryMs
}
