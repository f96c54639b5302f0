import type { DeviceReason } from '@yizhan/contracts/device'
import type { DeviceSight } from '../device/driver.ts'

/** What feeds the station: the mains (市电), the battery, or a battery that is about to give out. */
export type PowerState = 'mains' | 'battery' | 'battery-low'

/** What a UPS tells of its power; `null` for what the model does not measure. */
export interface UpsNews {
  kind: 'power'
  state: PowerState
  chargePercent: number | null
  runtimeS: number | null
}

/** What a status means for the station. */
export interface UpsStatus {
  state: PowerState
  sight: DeviceSight
}

/**
 * Reads `ups.status`, words with spaces between (RFC 9271, "Status symbols"): OL on line, OB on battery, LB battery low, RB replace
 * the battery, FSD forced shutdown, BYPASS the mains go past the UPS. Undefined when no word says what feeds the load.
 */
export function readUpsStatus(text: string): UpsStatus | undefined {
  const words = new Set(text.split(' '))
  const forced = words.has('FSD')
  const onBattery = words.has('OB') || forced
  if (!onBattery && !words.has('OL') && !words.has('BYPASS')) return undefined
  const low = words.has('LB') || forced
  const reasons: DeviceReason[] = []
  if (onBattery) reasons.push('on-battery')
  if (low) reasons.push('battery-low')
  if (words.has('RB')) reasons.push('battery-worn')
  return {
    state: onBattery ? (low ? 'battery-low' : 'battery') : 'mains',
    sight: { phase: reasons.length === 0 ? 'ready' : 'degraded', reasons },
  }
}

/** Reads `battery.charge` in per cent or `battery.runtime` in seconds; null for what is no such number. */
export function readUpsNumber(text: string | undefined, most: number): number | null {
  if (text === undefined || !/^\d{1,7}(?:\.\d{1,6})?$/.test(text)) return null
  const value = Math.round(Number(text))
  return value <= most ? value : null
}
