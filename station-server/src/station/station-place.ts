import type { LocalText } from '@yizhan/contracts/local-text'
import type { HospitalRow, SiteRow } from '@yizhan/contracts/tenant'
import { readMeta } from '../storage/meta.ts'
import type { Sql } from '../storage/sql.ts'
import { readHospital, readSite } from '../tenant/kept-hospital.ts'

/** Where this station stands: what the centre has told it of its hospital and of itself. */
export interface StationPlace {
  hospital: HospitalRow
  site: SiteRow
  stationName: LocalText
  /** The letter of this station in fallback queue numbers. */
  stationLetter: string
}

/** The station's place, or null until the first hello and the first feed are in. */
export function readStationPlace(sql: Sql): StationPlace | null {
  const hospital = readHospital(sql)
  const site = readSite(sql, readMeta(sql, 'site-id') ?? '')
  const stationName = readMeta(sql, 'station-name')
  const stationLetter = readMeta(sql, 'station-letter')
  if (hospital === null || site === null || stationName === null || stationLetter === null) return null
  return { hospital, site, stationName: JSON.parse(stationName) as LocalText, stationLetter }
}
