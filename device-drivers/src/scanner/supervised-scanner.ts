import type { DeviceHealth } from '@yizhan/contracts/device'
import type { LinkAddress } from '../device/byte-link.ts'
import { HealthLog } from '../device/health-log.ts'
import { Supervisor } from '../device/supervisor.ts'
import type { Scan } from './scan-framer.ts'

/** A scanner as a station's configuration names it; `prefix` and `suffix` are what it is set to put around a code. */
export interface ScannerConfig {
  deviceId: string
  link: LinkAddress
  prefix?: string
  suffix?: string
}

/** A scanner whose driver runs in its own supervised process. */
export interface SupervisedScanner {
  health(): DeviceHealth
  onHealth(listener: (health: DeviceHealth) => void): () => void
  /** Calls for every code read, and for every reading that is no code. The text is a credential: never log it. */
  onScan(listener: (scan: Scan) => void): () => void
  stop(): Promise<void>
}

/** Starts the scanner's driver process and keeps it alive until `stop`. */
export function startScanner(
  config: ScannerConfig,
  deps: { log: (record: object) => void; now: () => number },
): SupervisedScanner {
  const health = new HealthLog(config.deviceId, 'scanner', deps.now)
  const listeners = new Set<(scan: Scan) => void>()
  const framing = {
    ...(config.prefix === undefined ? {} : { prefix: config.prefix }),
    ...(config.suffix === undefined ? {} : { suffix: config.suffix }),
  }
  const supervisor = new Supervisor(
    config.deviceId,
    { kind: 'scanner', link: config.link, framing },
    {
      ...deps,
      onEvent: (event) => {
        if (event.kind === 'sight') return health.see(event.sight)
        // The scanner's driver sends no other news than scans; both ends of the IPC are this same source.
        for (const listener of listeners) listener(event.news as Scan)
      },
      onDown: (reason) => health.see({ phase: 'fault', reasons: [reason] }),
    },
  )
  return {
    health: () => health.last,
    onHealth: (listener) => health.listen(listener),
    onScan: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    stop: () => supervisor.stop(),
  }
}
