import type { StationRow } from '@yizhan/contracts/fleet'
import type { ComponentChildren } from 'preact'
import { type Say, useLocalText, useSay } from '../catalogue/admin-text.tsx'
import { type DataColumn, DataTable } from '../ui-admin/data-table.tsx'
import { PushButton } from '../ui-admin/push-button.tsx'
import type { AdminDates } from '../working-time/admin-dates.ts'
import { ageText } from '../working-time/admin-dates.ts'
import { DeviceState, StationState } from './station-state.tsx'
import { isPresent, worstDevice } from './station-words.ts'

interface Props {
  stations: readonly StationRow[]
  /** When the list was true; ages are told from it, not from this machine's clock. */
  asOf: number
  /** While the centre is out of reach everything is told as it was, nothing as it is. */
  centreAway: boolean
  dates: AdminDates
  empty: ComponentChildren
  onOpen(station: StationRow): void
}

/** All stations, one line each. */
export function StationTable({ stations, asOf, centreAway, dates, empty, onOpen }: Props) {
  const say = useSay()
  const localText = useLocalText()
  const age = (at: number) => {
    if (centreAway) return dates.dayAndClock(at)
    const { key, n } = ageText(asOf - at)
    return say(key, { n })
  }
  const name: DataColumn<StationRow> = {
    key: 'name',
    title: say('stations.column.name'),
    sortBy: (station) => station.letter,
    show: (station) => (
      <span class="station-name">
        <span class="letter" aria-hidden="true">
          {station.letter}
        </span>
        <PushButton
          kind="quiet"
          label={localText(station.name)}
          spokenLabel={say('stations.details', { name: localText(station.name) })}
          onPress={() => onOpen(station)}
        />
        <span class="entry-quiet">{localText(station.siteName)}</span>
      </span>
    ),
  }
  return (
    <DataTable<StationRow>
      label={say('stations.title')}
      rows={stations}
      rowKey={(station) => station.stationId}
      isQuiet={(station) => station.link === 'revoked'}
      totalText={(n) => say('app.total', { n })}
      empty={empty}
      columns={[name, ...stateColumns({ say, age, centreAway, dates })]}
    />
  )
}

interface Telling {
  say: Say
  /** How long ago something was; a plain date where "ago" would count from a moment that is itself past. */
  age(at: number): string
  centreAway: boolean
  dates: AdminDates
}

function stateColumns({ say, age, centreAway, dates }: Telling): DataColumn<StationRow>[] {
  const figure = (station: StationRow, known: boolean, what: string) =>
    !known || isPresent(station, centreAway) ? what : <span class="past">{say('stations.past', { what })}</span>
  return [
    {
      key: 'state',
      title: say('stations.column.state'),
      show: (station) => <StationState station={station} centreAway={centreAway} />,
    },
    {
      key: 'printer',
      title: say('stations.column.printer'),
      show: (station) => (
        <DeviceState device={worstDevice(station.devices, 'printer')} present={isPresent(station, centreAway)} />
      ),
    },
    {
      key: 'scanner',
      title: say('stations.column.scanner'),
      show: (station) => (
        <DeviceState device={worstDevice(station.devices, 'scanner')} present={isPresent(station, centreAway)} />
      ),
    },
    {
      key: 'outbox',
      title: say('stations.column.outbox'),
      sortBy: (station) => station.outboxDepth ?? -1,
      show: (station) => figure(station, station.outboxDepth !== null, outboxText(say, age, station)),
    },
    {
      key: 'prints',
      title: say('stations.column.prints'),
      sortBy: (station) => (station.undecidedPrints ?? 0) + (station.failedPrints ?? 0),
      show: (station) => figure(station, station.failedPrints !== null, printsText(say, station)),
    },
    {
      key: 'report',
      title: say('stations.column.report'),
      sortBy: (station) => station.lastReportAt ?? 0,
      show: ({ lastReportAt }) => reportText({ say, age, centreAway, dates }, lastReportAt),
    },
  ]
}

function reportText({ say, age, centreAway, dates }: Telling, at: number | null): ComponentChildren {
  if (at === null) return say('stations.never')
  const moment = <span class="figures">{dates.dayAndClock(at)}</span>
  if (centreAway) return moment
  return (
    <>
      {age(at)} · {moment}
    </>
  )
}

function outboxText(say: Say, age: (at: number) => string, station: StationRow): string {
  const { outboxDepth: depth, oldestUnsentAt: oldestAt } = station
  if (depth === null) return say('stations.detail.unknown')
  if (depth === 0) return say('stations.outbox.none')
  return oldestAt === null ? String(depth) : say('stations.outbox.some', { n: depth, age: age(oldestAt) })
}

function printsText(say: Say, { undecidedPrints: undecided, failedPrints: failed }: StationRow): string {
  if (undecided === null || failed === null) return say('stations.detail.unknown')
  const parts = [
    undecided > 0 ? say('stations.prints.undecided', { n: undecided }) : '',
    failed > 0 ? say('stations.prints.failed', { n: failed }) : '',
  ]
  return parts.filter(Boolean).join(' · ') || say('stations.prints.none')
}
