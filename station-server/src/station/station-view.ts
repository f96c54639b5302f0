import type { DeviceHealth, DeviceKind } from '@yizhan/contracts/device'
import type { LocalText } from '@yizhan/contracts/local-text'
import type { StationView } from '@yizhan/contracts/station'
import { hospitalCalendar } from '@yizhan/rules/working-time/hospital-time'
import { readMeta } from '../storage/meta.ts'
import type { StationDb } from '../storage/station-db.ts'
import { measureOutbox } from '../sync/outbox.ts'
import { readStationPlace } from './station-place.ts'

/** What the view is drawn from. */
export interface StationViewSource {
  db: StationDb
  stationId: string
  buildId: string
  now: () => number
  healthOf: (kind: DeviceKind) => DeviceHealth | null
  centre: () => { reachable: boolean; since: number }
  /** True after the disk refused a write, until one succeeds again. */
  storageFull: () => boolean
  /** True while the mains are away and no new patient should begin. */
  powerFailing: () => boolean
  /** What the screen shows while this machine asks to be paired. */
  pairing: () => StationView['pairing']
}

// Before the first word from the centre the box does not know its hospital; the screen still has to say something.
/** What a place is called before the centre has named it. */
export const unknownPlace: LocalText = { 'zh-CN': '本机', en: 'This kiosk' }
/** Whom to ask before the hospital has named its desk. */
export const staffAtDesk: LocalText = { 'zh-CN': '服务台', en: 'the service desk' }
/** Used until the hospital has named its own. */
export const zoneBeforeConfigured = 'Asia/Shanghai'

/** The station as its screen may show it at this moment. */
export function drawStationView(source: StationViewSource): StationView {
  const { db } = source
  const place = readStationPlace(db.sql)
  const zone = place?.hospital.zone ?? zoneBeforeConfigured
  const now = source.now()
  const feedAsOf = readMeta(db.sql, 'feed-as-of')
  const pairing = source.pairing()
  return {
    stationId: source.stationId,
    stationName: place?.stationName ?? unknownPlace,
    hospitalName: place?.hospital.name ?? unknownPlace,
    siteName: place?.site.name ?? unknownPlace,
    helpDesk: place?.hospital.helpDesk ?? staffAtDesk,
    zone,
    now,
    day: hospitalCalendar(zone).dayOf(now),
    printer: source.healthOf('printer'),
    scanner: source.healthOf('scanner'),
    cardReader: source.healthOf('card-reader'),
    idReader: source.healthOf('id-reader'),
    centre: { ...source.centre(), feedAsOf: feedAsOf === null ? null : Number(feedAsOf) },
    outboxDepth: measureOutbox(db.sql).depth,
    outOfService: outOfService(source, place !== null),
    ...(pairing === undefined ? {} : { pairing }),
    buildId: source.buildId,
  }
}

function outOfService(source: StationViewSource, configured: boolean): StationView['outOfService'] {
  if (source.storageFull()) return 'storage-full'
  if (readMeta(source.db.sql, 'revoked') !== null) return 'revoked'
  if (readMeta(source.db.sql, 'quarantined') !== null) return 'quarantined'
  if (!configured) return 'not-configured'
  return source.powerFailing() ? 'power-failing' : null
}
