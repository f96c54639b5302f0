import type { DeviceHealth } from '@yizhan/contracts/device'
import type { StationRow } from '@yizhan/contracts/fleet'
import type { ComponentChildren } from 'preact'
import { useLocalText, useSay } from '../catalogue/admin-text.tsx'
import { PushButton } from '../ui-admin/push-button.tsx'
import { SideDrawer } from '../ui-admin/side-drawer.tsx'
import { type AdminDates, ageText } from '../working-time/admin-dates.ts'
import { DeviceHistory } from './device-history.tsx'
import { ExportFeedFile } from './export-feed-file.tsx'
import { IdentityHistory } from './identity-history.tsx'
import { RotateKey } from './rotate-key.tsx'
import { SetAsideEvents } from './set-aside-events.tsx'
import { StationAlarms } from './station-alarms.tsx'
import { StationReadiness } from './station-readiness.tsx'
import { DeviceState, StationState } from './station-state.tsx'
import { isPresent } from './station-words.ts'

interface Props {
  station: StationRow | null
  asOf: number
  centreAway: boolean
  dates: AdminDates
  /** The calls that whoever looks may make. */
  calls: readonly string[]
  onRevoke(): void
  onClose(): void
}

/** Everything known of one station. */
export function StationDrawer({ station, asOf, centreAway, dates, calls, onRevoke, onClose }: Props) {
  const say = useSay()
  const localText = useLocalText()
  return (
    <SideDrawer
      title={station === null ? '' : localText(station.name)}
      open={station !== null}
      closeLabel={say('app.close')}
      onClose={onClose}
    >
      {station !== null && (
        <>
          <StationState station={station} centreAway={centreAway} />
          <StationAlarms station={station} dates={dates} />
          {station.parkedEvents > 0 && (
            <SetAsideEvents
              key={`events ${station.stationId}`}
              stationId={station.stationId}
              dates={dates}
              mayReplay={calls.includes('fleet.replayEvents')}
              maySettle={calls.includes('fleet.settleEvent')}
            />
          )}
          <StationFacts station={station} asOf={asOf} centreAway={centreAway} dates={dates} />
          <h2>{say('stations.detail.devices')}</h2>
          {station.devices.length === 0 && <p>{say('stations.device.none')}</p>}
          {station.devices.map((device) => (
            <DeviceLine key={device.deviceId} device={device} present={isPresent(station, centreAway)} dates={dates} />
          ))}
          <StationReadiness report={station.readiness} dates={dates} />
          <DeviceHistory key={station.stationId} stationId={station.stationId} dates={dates} />
          <IdentityHistory key={`identity ${station.stationId}`} stationId={station.stationId} dates={dates} />
          {calls.includes('fleet.feedFile') && station.link !== 'revoked' && (
            <ExportFeedFile key={`export ${station.stationId}`} station={station} dates={dates} />
          )}
          {calls.includes('fleet.revoke') && station.link !== 'revoked' && (
            <div class="drawer-danger">
              <RotateKey station={station} />
              <PushButton kind="danger" icon="off" label={say('stations.revoke')} onPress={onRevoke} />
            </div>
          )}
        </>
      )}
    </SideDrawer>
  )
}

interface FactsProps {
  station: StationRow
  asOf: number
  centreAway: boolean
  dates: AdminDates
}

function StationFacts({ station, asOf, centreAway, dates }: FactsProps) {
  const say = useSay()
  const localText = useLocalText()
  const unknown = say('stations.detail.unknown')
  const moment = (at: number | null) => {
    if (at === null) return null
    if (centreAway) return dates.dayAndClock(at)
    const { key, n } = ageText(asOf - at)
    return `${say(key, { n })} · ${dates.dayAndClock(at)}`
  }
  const told = (value: number | string | null) => {
    if (value === null) return unknown
    return isPresent(station, centreAway) ? value : say('stations.past', { what: String(value) })
  }
  const oldest = moment(station.oldestUnsentAt)
  return (
    <dl class="facts">
      <Fact label={say('stations.detail.site')}>{localText(station.siteName)}</Fact>
      <Fact label={say('stations.detail.letter')}>{station.letter}</Fact>
      <Fact label={say('stations.detail.report')}>{moment(station.lastReportAt) ?? say('stations.never')}</Fact>
      <Fact label={say('stations.detail.version')}>{station.appVersion ?? unknown}</Fact>
      <Fact label={say('stations.detail.outbox')} hint={say('stations.detail.outbox.hint')}>
        {told(station.outboxDepth)}
        {oldest !== null && ` · ${oldest}`}
      </Fact>
      <Fact label={say('stations.detail.undecided')}>{told(station.undecidedPrints)}</Fact>
      <Fact label={say('stations.detail.failed')}>{told(station.failedPrints)}</Fact>
      <Fact label={say('stations.detail.parked')} hint={say('stations.detail.parked.hint')}>
        {station.parkedEvents}
      </Fact>
      <Fact label={say('stations.detail.disk')}>
        {told(station.diskFreeBytes === null ? null : `${(station.diskFreeBytes / 1e9).toFixed(1)} GB`)}
      </Fact>
      <Fact label={say('stations.detail.key')}>
        <code>{station.keyFingerprint}</code>
      </Fact>
    </dl>
  )
}

function Fact({ label, hint, children }: { label: string; hint?: string; children: ComponentChildren }) {
  return (
    <div class="fact">
      <dt>{label}</dt>
      <dd>
        {children}
        {hint !== undefined && <span class="fact-hint">{hint}</span>}
      </dd>
    </div>
  )
}

function DeviceLine({ device, present, dates }: { device: DeviceHealth; present: boolean; dates: AdminDates }) {
  const say = useSay()
  return (
    <div class="device-line">
      <span>
        {say(`stations.device.${device.kind}`)} <code>{device.deviceId}</code>
      </span>
      <DeviceState device={device} present={present} />
      <span class="entry-quiet">{say('stations.detail.since', { time: dates.dayAndClock(device.since) })}</span>
    </div>
  )
}
