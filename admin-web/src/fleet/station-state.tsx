import type { DeviceHealth } from '@yizhan/contracts/device'
import type { StationRow } from '@yizhan/contracts/fleet'
import { useSay } from '../catalogue/admin-text.tsx'
import { StatusTag } from '../ui-admin/status-tag.tsx'
import { linkWords, phaseTone, usabilityWords } from './station-words.ts'

/** Connection and usability, one tag where the first already says it all. */
export function StationState({ station }: { station: StationRow }) {
  const say = useSay()
  const link = linkWords(station.link)
  const usability = usabilityWords(station.usability)
  return (
    <span class="tags">
      <StatusTag tone={link.tone} icon={link.icon} label={say(link.key)} />
      {station.link === 'online' && (
        <StatusTag tone={usability.tone} icon={usability.icon} label={say(usability.key)} />
      )}
    </span>
  )
}

/** A device's state in words: its reasons where it gave any, else its phase. */
export function DeviceState({ device }: { device: DeviceHealth | null }) {
  const say = useSay()
  if (device === null) return <StatusTag tone="quiet" icon="unknown" label={say('stations.device.none')} />
  const { tone, icon } = phaseTone(device.phase)
  const reasons = device.reasons.map((reason) => say(`stations.reason.${reason}`))
  return <StatusTag tone={tone} icon={icon} label={reasons.join(' · ') || say(`stations.phase.${device.phase}`)} />
}
