import type { DeviceHealth } from '@yizhan/contracts/device'
import type { ReadinessReport } from '@yizhan/contracts/readiness'
import type { StationView } from '@yizhan/contracts/station'
import { hospitalCalendar } from '@yizhan/rules/working-time/hospital-time'
import type { PrintLoop } from '../printing/print-loop.ts'
import type { ReceiptDrawer } from '../receipt/receipt-drawer.ts'
import type { StationLog } from '../station/station-log.ts'
import { readStationPlace } from '../station/station-place.ts'
import type { Sql } from '../storage/sql.ts'
import type { StationDb } from '../storage/station-db.ts'
import type { CredentialRouting } from './credential-routing.ts'
import { type IndicatorLight, startIndicatorLight } from './indicator-light.ts'
import { startPowerWatch } from './power-watch.ts'
import { openReadiness, type Readiness } from './readiness-check.ts'
import type { SlipPlace } from './readiness-slip.ts'
import type { StationDevices } from './station-devices.ts'

/** What looks after the devices beside what patients do with them: the lamp, the power, the readiness check. */
export interface DeviceCare {
  readiness: Readiness
  /** Takes a device's health in, at each change. */
  see(health: DeviceHealth): void
  /** Takes the station's view in, at each change. */
  follow(view: StationView): void
  /** True while the mains are away and no new patient should begin. */
  isPowerFailing(): boolean
  stop(): Promise<void>
}

/** What looking after the devices needs. */
export interface DeviceCareDeps {
  db: StationDb
  now: () => number
  log: StationLog
  devices: StationDevices
  credentials: CredentialRouting
  printLoop: Pick<PrintLoop, 'printAside'>
  receipts: ReceiptDrawer
  isPatientServed: () => boolean
  onReadinessChanged: (report: ReadinessReport) => void
  /** Told when a report waits in the outbox. */
  onReported: () => void
  /** Told when the mains have failed, and when they are back. */
  onPowerChanged: () => void
  /** Told when the battery is about to give out: the station should stop now, while it still can. */
  onPowerEnding: () => void
}

/** Starts looking after the devices. */
export function startDeviceCare(deps: DeviceCareDeps): DeviceCare {
  const { devices, log } = deps
  const light: IndicatorLight | null = devices.indicator === null ? null : startIndicatorLight(devices.indicator)
  const power = startPowerWatch({
    onChanged: () => {
      log.warn({ failing: power.isFailing() }, power.isFailing() ? 'the mains failed' : 'the mains are back')
      deps.onPowerChanged()
    },
    onLow: deps.onPowerEnding,
  })
  const readiness = openReadiness({
    ...deps,
    healths: devices.healths,
    restartQuarantined: devices.restartQuarantined,
    printAside: deps.printLoop.printAside,
    tryLight: async () => (light === null ? 'link-lost' : await light.tryOut()),
    placeOf: (at) => slipPlaceOf(deps.db.sql, at),
    drawReceipt: (sql, at) => deps.receipts.draw(sql, at),
    onChanged: deps.onReadinessChanged,
  })
  return {
    readiness,
    see(health) {
      if (health.kind === 'ups') power.see(health)
      readiness.see(health)
    },
    follow: (view) => light?.follow(view),
    isPowerFailing: power.isFailing,
    async stop() {
      power.stop()
      await readiness.stop()
    },
  }
}

/** A box that the centre has not spoken to yet has no name and no hospital's clock. */
function slipPlaceOf(sql: Sql, at: number): SlipPlace {
  const place = readStationPlace(sql)
  const calendar = hospitalCalendar(place?.hospital.zone ?? 'Asia/Shanghai')
  return {
    stationName: place?.stationName['zh-CN'] ?? '-',
    moment: `${calendar.dayOf(at)} ${calendar.clockOf(at)}`,
  }
}
