import type { DeviceHealth, DeviceKind } from '@yizhan/contracts/device'
import type { PrintOutcome, SupervisedPrinter } from '@yizhan/device-drivers/printing/supervised-printer'

/** The health of a device that is switched off by configuration: it has no process, and nothing is expected of it. */
export function disabledHealth(deviceId: string, kind: DeviceKind, now: number): DeviceHealth {
  return { deviceId, kind, phase: 'disabled', reasons: [], since: now, seq: 0 }
}

/** A printer that is switched off: the ledger goes on, and each slip waits until its time is over. */
export function disabledPrinter(deviceId: string, now: number): SupervisedPrinter {
  const health = disabledHealth(deviceId, 'printer', now)
  const detail = 'the printer is switched off by configuration'
  const refused: PrintOutcome = { ok: false, phase: 'not-started', reason: 'offline', detail }
  return {
    health: () => health,
    onHealth: () => () => undefined,
    onPresenter: () => () => undefined,
    readCuts: async () => null,
    print: async () => refused,
    printVoidSlip: async () => refused,
    cancel: async () => undefined,
    bytesOf: () => 0,
    restart: () => undefined,
    stop: async () => undefined,
  }
}
