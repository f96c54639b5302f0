import type { LinkAddress } from '../device/byte-link.ts'
import { type DeviceDeps, type SupervisedDevice, startSupervisedDevice } from '../device/supervised-device.ts'
import type { IndicatorProfileName, IndicatorSignal } from './indicator-profile.ts'
import type { IndicatorCommand } from './relay-indicator.ts'

/** An indicator (指示灯) as a station's configuration names it. */
export interface IndicatorConfig {
  deviceId: string
  link: LinkAddress
  profile: IndicatorProfileName
}

/** An indicator whose driver runs in its own supervised process. */
export interface SupervisedIndicator extends Omit<SupervisedDevice<never>, 'onNews' | 'run'> {
  /** Shows the signal from now on, also after the lamp was away: an indicator that comes back is off until it is told again. */
  show(signal: IndicatorSignal | 'off'): void
}

/** Five bytes a channel and milliseconds on the line; past this the driver hangs. */
const showDeadlineMs = 2000

/** Starts the indicator's driver process and keeps it alive until `stop`, which switches the lamps off. */
export function startIndicator(config: IndicatorConfig, deps: DeviceDeps): SupervisedIndicator {
  const { deviceId, link, profile } = config
  const {
    onNews: _tellsNothing,
    run,
    ...device
  } = startSupervisedDevice<never>(deviceId, { kind: 'indicator', link, profile }, deps)
  let wanted: IndicatorSignal | 'off' = 'off'
  let stopping = false
  const send = async () => {
    const command: IndicatorCommand = { kind: 'show', signal: wanted }
    const outcome = await run(command, { deadlineMs: showDeadlineMs })
    if (!outcome.ok) deps.log({ event: 'signal-not-shown', deviceId, signal: command.signal, reason: outcome.reason })
  }
  device.onHealth((health) => {
    if (health.phase === 'ready' && !stopping) void send()
  })
  return {
    ...device,
    show: (signal) => {
      if (signal === wanted) return
      wanted = signal
      if (device.health().phase === 'ready') void send()
    },
    stop: async () => {
      stopping = true
      await device.stop()
    },
  }
}
