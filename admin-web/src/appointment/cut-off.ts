import type { StationRow } from '@yizhan/contracts/fleet'
import type { AdminDates } from '../working-time/admin-dates.ts'

/** A station whose check-ins the board may lack, and the moment from which on it may lack them. */
export interface CutOff {
  station: StationRow
  since: number
}

/**
 * The stations that were off line on some part of `day`, those cut off longest first. What such a station had not sent
 * up at its last report is missing as well, so the gap begins with the oldest of that.
 */
export function cutOffStations(stations: readonly StationRow[], day: string, dates: AdminDates): CutOff[] {
  return stations
    .flatMap((station) =>
      station.link !== 'offline' || station.lastReportAt === null
        ? []
        : [{ station, since: Math.min(station.lastReportAt, station.oldestUnsentAt ?? station.lastReportAt) }],
    )
    .filter(({ since }) => dates.dayOf(since) <= day)
    .sort((one, other) => one.since - other.since)
}
