import type { StationRow } from '@yizhan/contracts/fleet'
import type { ComponentChildren } from 'preact'
import { type Say, useLocalText, useSay } from '../catalogue/admin-text.tsx'
import { type DataColumn, DataTable } from '../ui-admin/data-table.tsx'
import { PushButton } from '../ui-admin/push-button.tsx'
import type { AdminDates } from '../working-time/admin-dates.ts'
import { ageText } from '../working-time/admin-dates.ts'
import { DeviceState, StationState } from './station-state.tsx'
import { worstDevice } from './station-words.ts'

interface Props {
  stations: readonly StationRow[]
  /** When the list was true; ages are told from it, not from this machine's clock. */
  asOf: number
  dates: AdminDates
  empty: ComponentChildren
  onOpen(station: StationRow): void
}

/** All stations, one line each. */
export function StationTable({ stations, asOf, dates, empty, onOpen }: Props) {
  const say = useSay()
  const localText = useLocalText()
  const age = (at: number) => {
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
      columns={[name, ...stateColumns(say, age, dates)]}
    />
  )
}

function stateColumns(say: Say, age: (at: number) => string, dates: AdminDates): DataColumn<StationRow>[] {
  return [
    { key: 'state', title: say('stations.column.state'), show: (station) => <StationState station={station} /> },
    {
      key: 'printer',
      title: say('stations.column.printer'),
      show: ({ devices }) => <DeviceState device={worstDevice(devices, 'printer')} />,
    },
    {
      key: 'scanner',
      title: say('stations.column.scanner'),
      show: ({ devices }) => <DeviceState device={worstDevice(devices, 'scanner')} />,
    },
    {
      key: 'outbox',
      title: say('stations.column.outbox'),
      sortBy: (station) => station.outboxDepth ?? -1,
      show: ({ outboxDepth, oldestUnsentAt }) => outboxText(say, age, outboxDepth, oldestUnsentAt),
    },
    {
      key: 'prints',
      title: say('stations.column.prints'),
      sortBy: (station) => (station.undecidedPrints ?? 0) + (station.failedPrints ?? 0),
      show: ({ undecidedPrints, failedPrints }) => printsText(say, undecidedPrints, failedPrints),
    },
    {
      key: 'report',
      title: say('stations.column.report'),
      sortBy: (station) => station.lastReportAt ?? 0,
      show: ({ lastReportAt }) =>
        lastReportAt === null ? say('stations.never') : `${age(lastReportAt)} · ${dates.dayAndClock(lastReportAt)}`,
    },
  ]
}

function outboxText(say: Say, age: (at: number) => string, depth: number | null, oldestAt: number | null): string {
  if (depth === null) return say('stations.detail.unknown')
  if (depth === 0) return say('stations.outbox.none')
  return oldestAt === null ? String(depth) : say('stations.outbox.some', { n: depth, age: age(oldestAt) })
}

function printsText(say: Say, undecided: number | null, failed: number | null): string {
  if (undecided === null || failed === null) return say('stations.detail.unknown')
  const parts = [
    undecided > 0 ? say('stations.prints.undecided', { n: undecided }) : '',
    failed > 0 ? say('stations.prints.failed', { n: failed }) : '',
  ]
  return parts.filter(Boolean).join(' · ') || say('stations.prints.none')
}
