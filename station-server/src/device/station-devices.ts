import type { DeviceHealth, DeviceKind } from '@yizhan/contracts/device'
import type { DeviceDeps } from '@yizhan/device-drivers/device/supervised-device'
import { type SupervisedPrinter, startPrinter } from '@yizhan/device-drivers/printing/supervised-printer'
import { type SupervisedScanner, startScanner } from '@yizhan/device-drivers/scanner/supervised-scanner'
import type { DeviceConfigs } from '../station-config.ts'
import type { InputTaker } from './credential-routing.ts'

/** The devices of a station, each driven by its own child process; null where the station has none of the kind. */
export interface StationDevices {
  printer: SupervisedPrinter
  scanner: SupervisedScanner | null
  /** The health of all of them. */
  healths(): DeviceHealth[]
  /** The health of the device of a kind; null where the station has none. */
  healthOf(kind: DeviceKind): DeviceHealth | null
  stop(): Promise<void>
}

/** What starting the devices needs. */
export interface StationDevicesDeps extends DeviceDeps {
  /** Told of every change of health. */
  onHealth: (health: DeviceHealth) => void
  /** Told of all that somebody does at a device. */
  onInput: InputTaker
}

/** Starts the configured devices and tells of every change of their health, and of what is done at them. */
export function startDevices(config: DeviceConfigs, deps: StationDevicesDeps): StationDevices {
  const printer = startPrinter(config.printer, deps)
  const scanner = startIfThere(config.scanner, (its) => startScanner(its, deps))
  scanner?.onScan((scan) => deps.onInput({ kind: 'scan', deviceId: scanner.health().deviceId, scan }))
  const all = [printer, scanner].filter((device) => device !== null)
  for (const device of all) device.onHealth(deps.onHealth)
  const healths = () => all.map((device) => device.health())
  return {
    printer,
    scanner,
    healths,
    healthOf: (kind) => healths().find((health) => health.kind === kind) ?? null,
    async stop() {
      await Promise.all(all.map((device) => device.stop()))
    },
  }
}

function startIfThere<Config, Device>(config: Config | null, start: (config: Config) => Device): Device | null {
  return config === null ? null : start(config)
}
