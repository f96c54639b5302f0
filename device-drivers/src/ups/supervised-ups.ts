import type { LinkAddress } from '../device/byte-link.ts'
import { type DeviceDeps, type SupervisedDevice, startSupervisedDevice } from '../device/supervised-device.ts'
import type { UpsNews } from './ups-status.ts'

/** A UPS (不间断电源) as a station's configuration names it: the NUT server that watches it, port 3493, and its name there. */
export interface UpsConfig {
  deviceId: string
  link: Extract<LinkAddress, { kind: 'tcp' }>
  upsName: string
}

/** A UPS whose driver runs in its own supervised process; its news are what feeds the station, and how long still. */
export type SupervisedUps = Omit<SupervisedDevice<UpsNews>, 'run'>

/** Starts the UPS's driver process and keeps it alive until `stop`. */
export function startUps(config: UpsConfig, deps: DeviceDeps): SupervisedUps {
  const { deviceId, link, upsName } = config
  const { run: _takesNoCommands, ...device } = startSupervisedDevice<UpsNews>(
    deviceId,
    { kind: 'ups', link, upsName },
    deps,
  )
  return device
}
