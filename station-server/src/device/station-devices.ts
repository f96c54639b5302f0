import type { DeviceHealth } from '@yizhan/contracts/device'
import {
  type PrinterConfig,
  type SupervisedPrinter,
  startPrinter,
} from '@yizhan/device-drivers/printing/supervised-printer'
import {
  type ScannerConfig,
  type SupervisedScanner,
  startScanner,
} from '@yizhan/device-drivers/scanner/supervised-scanner'
import type { StationLog } from '../station/station-log.ts'

/** The devices of a station, each driven by its own child process. */
export interface StationDevices {
  printer: SupervisedPrinter
  scanner: SupervisedScanner | null
  /** The health of all of them. */
  healths(): DeviceHealth[]
  stop(): Promise<void>
}

/** Starts the configured devices and tells of every change of their health. */
export function startDevices(
  config: { printer: PrinterConfig; scanner: ScannerConfig | null },
  deps: { log: StationLog; now: () => number; onHealth: (health: DeviceHealth) => void },
): StationDevices {
  const driverDeps = { now: deps.now, log: (record: object) => deps.log.info(record, 'driver') }
  const printer = startPrinter(config.printer, driverDeps)
  const scanner = config.scanner === null ? null : startScanner(config.scanner, driverDeps)
  printer.onHealth(deps.onHealth)
  scanner?.onHealth(deps.onHealth)
  return {
    printer,
    scanner,
    healths: () => [printer.health(), ...(scanner === null ? [] : [scanner.health()])],
    async stop() {
      await Promise.all([printer.stop(), scanner?.stop()])
    },
  }
}
