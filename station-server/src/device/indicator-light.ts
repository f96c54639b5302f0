import { setTimeout as sleep } from 'node:timers/promises'
import type { DeviceHealth, DeviceReason } from '@yizhan/contracts/device'
import type { StationView } from '@yizhan/contracts/station'
import type { SupervisedIndicator } from '@yizhan/device-drivers/indicator/supervised-indicator'
import { troubleOf } from '../printing/print-loop.ts'

/** The indicator (指示灯) of a station. */
export interface IndicatorLight {
  /** Shows how the station is. */
  follow(view: Pick<StationView, 'outOfService' | 'printer'>): void
  /** Shows `call` for two seconds, then again how the station is; the answer is why it could not, or null. */
  tryOut(): Promise<DeviceReason | null>
}

/** Long enough that a person who looks up from the screen still sees the lamp. */
const callMs = 2000

/** Keeps a lamp at what the station is; a lamp that was away is told again by its driver. */
export function startIndicatorLight(lamp: Pick<SupervisedIndicator, 'show' | 'health'>): IndicatorLight {
  let state: ReturnType<typeof signalOf> = 'off'
  let calling = false
  const show = () => {
    if (!calling) lamp.show(state)
  }
  return {
    follow(view) {
      state = signalOf(view)
      show()
    },
    async tryOut() {
      calling = true
      lamp.show('call')
      await sleep(callMs)
      calling = false
      show()
      return troubleOfLamp(lamp.health())
    },
  }
}

/** A box that nobody has put into service yet is dark; one that cannot serve, or cannot print, calls staff. */
function signalOf({ outOfService, printer }: Pick<StationView, 'outOfService' | 'printer'>): 'ready' | 'error' | 'off' {
  if (outOfService === 'not-configured') return 'off'
  const printerUnable = printer !== null && printer.phase !== 'opening' && troubleOf(printer) !== null
  return outOfService !== null || printerUnable ? 'error' : 'ready'
}

/** A relay board does not answer: that its driver could write to it is all that can be known. */
function troubleOfLamp({ phase, reasons }: DeviceHealth): DeviceReason | null {
  return phase === 'ready' || phase === 'degraded' || phase === 'busy' ? null : (reasons[0] ?? 'link-lost')
}
