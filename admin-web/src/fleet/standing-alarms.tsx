import type { StandingAlarm } from '@yizhan/contracts/fleet'
import { type Say, useSay } from '../catalogue/admin-text.tsx'
import { StatusTag } from '../ui-admin/status-tag.tsx'
import type { AdminDates } from '../working-time/admin-dates.ts'

/** What is wrong with a station now: since when, what it means for patients, and what to do; each line goes with its cause. */
export function StandingAlarms({ alarms, dates }: { alarms: readonly StandingAlarm[]; dates: AdminDates }) {
  const say = useSay()
  return (
    <>
      {alarms.map((alarm) => {
        // An overdue key takes nothing from any patient today.
        const calm = alarm.kind === 'key-rotation-overdue'
        return (
          <div key={alarm.kind} class="standing-alarm">
            <div class="device-line">
              <StatusTag
                tone={calm ? 'notice' : 'bad'}
                icon={calm ? 'warning' : 'bad'}
                label={standingWords(say, alarm)}
              />
              <span class="entry-quiet">{say('stations.detail.since', { time: dates.dayAndClock(alarm.since) })}</span>
            </div>
            <p>{say(`stations.standing.${alarm.kind}.means`)}</p>
            <p>{say(`stations.standing.${alarm.kind}.next`)}</p>
          </div>
        )
      })}
    </>
  )
}

function standingWords(say: Say, alarm: StandingAlarm): string {
  switch (alarm.kind) {
    case 'events-set-aside':
      return say('stations.standing.events-set-aside', { n: alarm.parked + alarm.failed })
    case 'attachments-overdue':
      return say('stations.standing.attachments-overdue', { n: alarm.count })
    case 'long-silence':
      return alarm.openMinutes < 120
        ? say('stations.standing.long-silence', { n: alarm.openMinutes })
        : say('stations.standing.long-silence.hours', { n: Math.floor(alarm.openMinutes / 60) })
    case 'clone-quarantine':
    case 'key-rotation-overdue':
      return say(`stations.standing.${alarm.kind}`)
  }
}
