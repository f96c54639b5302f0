import type { StationView } from '@yizhan/contracts/station'
import { hospitalCalendar } from '@yizhan/rules/working-time/hospital-time'
import { staffAtDesk, unknownPlace, zoneBeforeConfigured } from './station-view.ts'

/** The view of a station that cannot read its own data. */
export function drawBareView(
  { stationId, now, buildId }: { stationId: string; now: () => number; buildId: string },
  sight: Pick<StationView, 'outOfService' | 'pairing' | 'centre'>,
): StationView {
  return {
    stationId,
    stationName: unknownPlace,
    hospitalName: unknownPlace,
    siteName: unknownPlace,
    helpDesk: staffAtDesk,
    zone: zoneBeforeConfigured,
    now: now(),
    day: hospitalCalendar(zoneBeforeConfigured).dayOf(now()),
    printer: null,
    scanner: null,
    cardReader: null,
    idReader: null,
    outboxDepth: 0,
    buildId,
    ...sight,
  }
}
