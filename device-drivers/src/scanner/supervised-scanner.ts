import type { LinkAddress } from '../device/byte-link.ts'
import { type DeviceDeps, type SupervisedDevice, startSupervisedDevice } from '../device/supervised-device.ts'
import type { Scan } from './scan-framer.ts'

/** A scanner as a station's configuration names it; `prefix` and `suffix` are what it is set to put around a code. */
export interface ScannerConfig {
  deviceId: string
  link: LinkAddress
  prefix?: string
  suffix?: string
}

/** A scanner whose driver runs in its own supervised process. */
export interface SupervisedScanner extends Omit<SupervisedDevice<Scan>, 'onNews' | 'run'> {
  /** Calls for every code read, and for every reading that is no code. The text is a credential: never log it. */
  onScan(listener: (scan: Scan) => void): () => void
}

/** Starts the scanner's driver process and keeps it alive until `stop`. */
export function startScanner(config: ScannerConfig, deps: DeviceDeps): SupervisedScanner {
  const framing = {
    ...(config.prefix === undefined ? {} : { prefix: config.prefix }),
    ...(config.suffix === undefined ? {} : { suffix: config.suffix }),
  }
  const {
    onNews,
    run: _takesNoCommands,
    ...device
  } = startSupervisedDevice<Scan>(config.deviceId, { kind: 'scanner', link: config.link, framing }, deps)
  return { ...device, onScan: onNews }
}
