import type { DeviceHealth } from '@yizhan/contracts/device'
import type { StationRow } from '@yizhan/contracts/fleet'
import { useSay } from '../catalogue/admin-text.tsx'
import { StatusTag } from '../ui-admin/status-tag.tsx'
import { linkWords, phaseTone, usabilityWords } from './station-words.ts'

/** Connection, usability, a failed readiness check and alarms, one tag where the first already says it all; grey, as they were, while the centre is away. */
export function StationState({ station, centreAway }: { station: StationRow; centreAway: boolean }) {
  const say = useSay()
  const link = linkWords(station.link)
  const usability = usabilityWords(station.usability)
  const alarmCount = station.alarms.length + station.standing.length
  if (centreAway) {
    const were = station.link === 'online' ? [link, usability] : [link]
    const what = were.map(({ key }) => say(key)).join(' · ')
    return <StatusTag tone="quiet" icon="clock" label={say('stations.then', { what })} />
  }
  return (
    <span class="tags">
      <StatusTag tone={link.tone} icon={link.icon} label={say(link.key)} />
      {station.link === 'online' && (
        <StatusTag tone={usability.tone} icon={usability.icon} label={say(usability.key)} />
      )}
      {station.wipe !== null && (
        <StatusTag
          tone="quiet"
          icon={station.wipe === 'wiped' ? 'ok' : 'clock'}
          label={say(`stations.wipe.${station.wipe}`)}
        />
      )}
      {station.link !== 'revoked' && station.readiness?.verdict === 'not-ready' && (
        <StatusTag tone="notice" icon="warning" label={say('stations.readiness.sign')} />
      )}
      {alarmCount > 0 && <StatusTag tone="bad" icon="bad" label={say('stations.alarm.sign', { n: alarmCount })} />}
    </span>
  )
}

/** A device's state in words: its reasons where it gave any, else its phase; grey where it is only the last that was heard. */
export function DeviceState({ device, present }: { device: DeviceHealth | null; present: boolean }) {
  const say = useSay()
  if (device === null) return <StatusTag tone="quiet" icon="unknown" label={say('stations.device.none')} />
  const { tone, icon } = phaseTone(device.phase)
  const reasons = device.reasons.map((reason) => say(`stations.reason.${reason}`))
  const what = reasons.join(' · ') || say(`stations.phase.${device.phase}`)
  if (!present) return <StatusTag tone="quiet" icon="clock" label={say('stations.past', { what })} />
  return <StatusTag tone={tone} icon={icon} label={what} />
}
