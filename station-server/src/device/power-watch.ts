import type { DeviceHealth } from '@yizhan/contracts/device'

/** What the power is to the station: `failing` once the mains have been away for longer than a blink. */
export interface PowerWatch {
  /** Takes the UPS's health in, at each change. */
  see(health: DeviceHealth): void
  /** True while no new patient should begin. */
  isFailing(): boolean
  stop(): void
}

/**
 * A grid that recloses by itself is back within 3 s, and NUT's own upsmon asks every 5 s (POLLFREQ in upsmon.conf): what is over by
 * then is a blink (电压闪断), and no patient hears of it.
 */
const blinkMs = 5000

/**
 * Watches the UPS (不间断电源). On battery for longer than a blink: `onChanged`, and again when the mains are back; battery low:
 * `onLow`, once, for then there is only time to close the database. What a UPS last said holds while it is silent: its own
 * link may hang on the mains that failed.
 */
export function startPowerWatch(told: { onChanged: () => void; onLow: () => void }): PowerWatch {
  let failing = false
  let low = false
  let blink: NodeJS.Timeout | undefined
  const turn = (now: boolean) => {
    clearTimeout(blink)
    blink = undefined
    if (now === failing) return
    failing = now
    told.onChanged()
  }
  return {
    see({ phase, reasons }) {
      const onBattery = reasons.includes('on-battery')
      if (!onBattery && phase !== 'ready' && phase !== 'degraded') return
      if (!onBattery) {
        low = false
        turn(false)
        return
      }
      if (!failing) blink ??= setTimeout(() => turn(true), blinkMs)
      if (!reasons.includes('battery-low') || low) return
      low = true
      turn(true)
      told.onLow()
    },
    isFailing: () => failing,
    stop: () => clearTimeout(blink),
  }
}
