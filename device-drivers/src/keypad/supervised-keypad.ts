import type { LinkAddress } from '../device/byte-link.ts'
import { type DeviceDeps, type SupervisedDevice, startSupervisedDevice } from '../device/supervised-device.ts'
import type { KeypadProfileName } from './keypad-profile.ts'
import type { KeypadNews } from './serial-keypad.ts'

/** A rating keypad (评价器) as a station's configuration names it. */
export interface KeypadConfig {
  deviceId: string
  link: LinkAddress
  profile: KeypadProfileName
}

/** A rating keypad whose driver runs in its own supervised process; its news are the presses. */
export type SupervisedKeypad = Omit<SupervisedDevice<KeypadNews>, 'run'>

/** Starts the keypad's driver process and keeps it alive until `stop`. */
export function startKeypad(config: KeypadConfig, deps: DeviceDeps): SupervisedKeypad {
  const { deviceId, link, profile } = config
  const { run: _takesNoCommands, ...device } = startSupervisedDevice<KeypadNews>(
    deviceId,
    { kind: 'keypad', link, profile },
    deps,
  )
  return device
}
