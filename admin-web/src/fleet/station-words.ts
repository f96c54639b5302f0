import type { DeviceHealth, DeviceKind } from '@yizhan/contracts/device'
import type { StationRow } from '@yizhan/contracts/fleet'
import type { AdminMessageKey } from '../catalogue/admin-zh-cn.ts'
import type { IconName } from '../ui-admin/icon.tsx'
import type { StatusTone } from '../ui-admin/status-tag.tsx'

/** How a state is shown: its tone, its picture, its words. */
export interface StateWords {
  tone: StatusTone
  icon: IconName
  key: AdminMessageKey
}

/** The connection of a station, as it is shown. */
export function linkWords(link: StationRow['link']): StateWords {
  switch (link) {
    case 'online':
      return { tone: 'good', icon: 'ok', key: 'stations.link.online' }
    case 'offline':
      return { tone: 'bad', icon: 'bad', key: 'stations.link.offline' }
    case 'never-seen':
      return { tone: 'quiet', icon: 'unknown', key: 'stations.link.never-seen' }
    case 'quarantined':
      return { tone: 'bad', icon: 'bad', key: 'stations.link.quarantined' }
    case 'revoked':
      return { tone: 'quiet', icon: 'off', key: 'stations.link.revoked' }
  }
}

/** Whether patients can use a station, as it is shown. */
export function usabilityWords(usability: StationRow['usability']): StateWords {
  switch (usability) {
    case 'usable':
      return { tone: 'good', icon: 'ok', key: 'stations.usable.usable' }
    case 'degraded':
      return { tone: 'notice', icon: 'warning', key: 'stations.usable.degraded' }
    case 'down':
      return { tone: 'bad', icon: 'bad', key: 'stations.usable.down' }
    case 'unknown':
      return { tone: 'quiet', icon: 'unknown', key: 'stations.usable.unknown' }
  }
}

/** What a device's phase means to whoever reads it. */
export function phaseTone(phase: DeviceHealth['phase']): { tone: StatusTone; icon: IconName } {
  switch (phase) {
    case 'ready':
    case 'busy':
      return { tone: 'good', icon: 'ok' }
    case 'degraded':
      return { tone: 'notice', icon: 'warning' }
    case 'opening':
      return { tone: 'quiet', icon: 'clock' }
    case 'disabled':
      return { tone: 'quiet', icon: 'off' }
    case 'absent':
    case 'fault':
      return { tone: 'bad', icon: 'bad' }
  }
}

/** The device of a kind that needs somebody most; null when the station has reported none. */
export function worstDevice(devices: readonly DeviceHealth[], kind: DeviceKind): DeviceHealth | null {
  const urgency = { bad: 3, notice: 2, info: 1, quiet: 1, good: 0 }
  const ofKind = devices.filter((device) => device.kind === kind)
  return (
    ofKind.toSorted((one, other) => urgency[phaseTone(other.phase).tone] - urgency[phaseTone(one.phase).tone])[0] ??
    null
  )
}

/** Whether what is known of a station is how it is now: it can be heard by the centre, and the centre by this page. */
export function isPresent(station: StationRow, centreAway: boolean): boolean {
  return station.link === 'online' && !centreAway
}

/** Whether somebody has to go and look: off line, not fully usable, not ready, with an alarm, with a device that fails or slips to settle. */
export function needsSomebody(station: StationRow): boolean {
  if (station.link === 'revoked') return false
  if (station.link !== 'online' || station.usability !== 'usable') return true
  if (station.readiness?.verdict === 'not-ready' || station.alarms.length + station.standing.length > 0) return true
  if (station.devices.some(({ phase }) => phase === 'absent' || phase === 'fault')) return true
  return (station.undecidedPrints ?? 0) > 0 || (station.failedPrints ?? 0) > 0
}

/** Stations in the order in which they need somebody; revoked ones last. */
export function byNeed(stations: readonly StationRow[]): StationRow[] {
  const rank = (station: StationRow) => (station.link === 'revoked' ? 2 : needsSomebody(station) ? 0 : 1)
  return stations.toSorted((one, other) => rank(one) - rank(other) || one.letter.localeCompare(other.letter))
}
