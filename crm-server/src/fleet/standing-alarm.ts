import type { StandingAlarm, StationLink } from '@yizhan/contracts/fleet'
import type { HospitalCalendar } from '@yizhan/rules/working-time/hospital-time'
import { type OpeningHours, openMinutesBetween } from '@yizhan/rules/working-time/open-minutes'
import { keyRotationDueAt } from './key-rotation.ts'

/** After how long a silence (失联) staff are alarmed: so many minutes of the hospital's opening hours. */
export interface SilenceRule extends OpeningHours {
  afterMin: number
}

/** Until the hospital says otherwise: a network that blinks is back within minutes, and a lobby opens at seven. */
export const usualSilenceRule: SilenceRule = { afterMin: 15, opensMin: 7 * 60, closesMin: 18 * 60 }

/** A station that is switched off over a long holiday still changes its key in time. */
const rotationGraceMs = 7 * 24 * 3_600_000

/** What is known of a station that an alarm may stand for. */
export interface WatchedStation {
  link: StationLink
  lastReportAt: number | null
  quarantinedAt: number | null
  keySince: number
  rotationAskedAt: number | null
  setAside: { parked: number; failed: number; since: number } | null
  /** Attachments that were told of so long ago that their bytes should be here. */
  overdueAttachments: { count: number; since: number } | null
}

/** The alarms that stand for a station at this moment; each ends by itself with its cause. */
export function standingAlarms(
  station: WatchedStation,
  { rule, calendar, nowMs }: { rule: SilenceRule; calendar: HospitalCalendar; nowMs: number },
): StandingAlarm[] {
  const alarms: StandingAlarm[] = []
  if (station.setAside !== null) alarms.push({ kind: 'events-set-aside', ...station.setAside })
  if (station.link === 'revoked') return alarms
  if (station.link === 'quarantined' && station.quarantinedAt !== null) {
    return [{ kind: 'clone-quarantine', since: station.quarantinedAt }, ...alarms]
  }
  if (station.link === 'offline' && station.lastReportAt !== null) {
    const openMinutes = openMinutesBetween(rule, calendar, station.lastReportAt, nowMs)
    if (openMinutes >= rule.afterMin) alarms.unshift({ kind: 'long-silence', since: station.lastReportAt, openMinutes })
  }
  if (station.overdueAttachments !== null) alarms.push({ kind: 'attachments-overdue', ...station.overdueAttachments })
  const dueAt = keyRotationDueAt(station)
  if (nowMs - dueAt >= rotationGraceMs) alarms.push({ kind: 'key-rotation-overdue', since: dueAt })
  return alarms
}
