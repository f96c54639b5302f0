import { useQueryClient } from '@tanstack/preact-query'
import type { StationAlarm, StationRow } from '@yizhan/contracts/fleet'
import { useState } from 'preact/hooks'
import { useSending } from '../access/use-sending.ts'
import { type Say, useSay } from '../catalogue/admin-text.tsx'
import { useServices } from '../shell/admin-services.ts'
import { newOperationId } from '../shell/new-operation-id.ts'
import { refusalOf } from '../shell/refusal.ts'
import { Notice } from '../ui-admin/notice.tsx'
import { PushButton } from '../ui-admin/push-button.tsx'
import { StatusTag } from '../ui-admin/status-tag.tsx'
import { useDoneMessage } from '../ui-admin/ui-root.tsx'
import type { AdminDates } from '../working-time/admin-dates.ts'
import { StandingAlarms } from './standing-alarms.tsx'

/** What is wrong with a station now, and what happened to its memory and nobody has looked after yet; nothing while nothing is. */
export function StationAlarms({ station, dates }: { station: StationRow; dates: AdminDates }) {
  const say = useSay()
  const { busy, trouble, acknowledge } = useAcknowledging(station.stationId)
  if (station.alarms.length + station.standing.length === 0) return null
  return (
    <section aria-label={say('stations.alarm.title')}>
      <h2>{say('stations.alarm.title')}</h2>
      <StandingAlarms alarms={station.standing} dates={dates} />
      {trouble !== null && <Notice tone="bad">{trouble}</Notice>}
      {station.alarms.map((alarm) => {
        const { what, body } = alarmWords(say, alarm)
        return (
          <div key={alarm.alarmId}>
            <div class="device-line">
              <StatusTag tone="bad" icon="bad" label={what} />
              <span class="entry-quiet">{dates.dayAndClock(alarm.raisedAt)}</span>
              <PushButton
                label={say('stations.alarm.acknowledge')}
                spokenLabel={say('stations.alarm.acknowledge.of', { what })}
                busy={busy}
                onPress={() => acknowledge(alarm.alarmId)}
              />
            </div>
            <p>{body}</p>
          </div>
        )
      })}
    </section>
  )
}

/** Acknowledging alarms of a station: whether it runs, and in words what went wrong with the last. */
function useAcknowledging(stationId: string) {
  const say = useSay()
  const { client, clock } = useServices()
  const queries = useQueryClient()
  const tellDone = useDoneMessage()
  const sending = useSending()
  const [isGone, setGone] = useState(false)
  const acknowledge = (alarmId: string) =>
    sending.send(async () => {
      setGone(false)
      try {
        // Saying it twice changes nothing, so a try whose answer was lost needs no key of its own.
        await client.fleet.acknowledgeAlarm({ stationId, alarmId, operationId: newOperationId(clock()) })
        tellDone(say('stations.alarm.done'))
      } catch (error) {
        if (refusalOf(error) === null) throw error
        setGone(true)
      }
      await queries.invalidateQueries({ queryKey: ['stations'] })
    })
  const trouble = sending.failed ? say('fault.unreachable') : isGone ? say('stations.alarm.unknown') : null
  return { busy: sending.busy, trouble, acknowledge }
}

function alarmWords(say: Say, alarm: StationAlarm): { what: string; body: string } {
  if (alarm.kind === 'outbox-rewound') {
    const { cause } = alarm.detail
    return { what: say(`stations.alarm.${cause}`), body: say(`stations.alarm.${cause}.body`) }
  }
  const { unreadable, fromCopy } = alarm.detail
  const body =
    unreadable === 0
      ? say('stations.alarm.storage-rebuilt.whole')
      : say('stations.alarm.storage-rebuilt.partly', { unreadable, fromCopy })
  return { what: say('stations.alarm.storage-rebuilt'), body }
}
