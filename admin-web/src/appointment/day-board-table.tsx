import type { DayBoardRow } from '@yizhan/contracts/appointment'
import { groupBookingCode } from '@yizhan/rules/appointment/booking-code'
import type { ComponentChildren } from 'preact'
import { type Say, useSay } from '../catalogue/admin-text.tsx'
import { type DataColumn, DataTable } from '../ui-admin/data-table.tsx'
import { PushButton } from '../ui-admin/push-button.tsx'
import { StatusTag } from '../ui-admin/status-tag.tsx'
import type { AdminDates } from '../working-time/admin-dates.ts'
import { isOverdue } from './overdue.ts'

interface Props {
  rows: readonly DayBoardRow[]
  /** When the rows were true; whose time is past is told from it. */
  asOf: number
  dates: AdminDates
  empty: ComponentChildren
  onMove(row: DayBoardRow): void
  onCancel(row: DayBoardRow): void
}

/** The bookings of the day with their arrivals. */
export function DayBoardTable({ rows, asOf, dates, empty, onMove, onCancel }: Props) {
  const say = useSay()
  return (
    <DataTable<DayBoardRow>
      label={say('bookings.nav')}
      rows={rows}
      rowKey={(row) => row.bookingId}
      isQuiet={(row) => row.state === 'cancelled' || row.state === 'rescheduled'}
      totalText={(n) => say('app.total', { n })}
      empty={empty}
      columns={[
        ...bookingColumns(say, asOf, dates),
        {
          key: 'actions',
          title: say('bookings.column.actions'),
          widthPx: 140,
          show: (row) =>
            row.state === 'booked' && (
              <span class="row-actions">
                <PushButton
                  kind="quiet"
                  label={say('bookings.reschedule')}
                  spokenLabel={say('bookings.reschedule.of', { who: row.patientNameMasked })}
                  onPress={() => onMove(row)}
                />
                <PushButton
                  kind="quiet-danger"
                  label={say('bookings.cancel')}
                  spokenLabel={say('bookings.cancel.of', { who: row.patientNameMasked })}
                  onPress={() => onCancel(row)}
                />
              </span>
            ),
        },
      ]}
    />
  )
}

function bookingColumns(say: Say, asOf: number, dates: AdminDates): DataColumn<DayBoardRow>[] {
  return [
    {
      key: 'time',
      title: say('bookings.column.time'),
      widthPx: 130,
      sortBy: (row) => row.slotStart,
      show: (row) => (
        <span class="figures">
          {dates.clock(row.slotStart)}–{dates.clock(row.slotEnd)}
        </span>
      ),
    },
    {
      key: 'patient',
      title: say('bookings.column.patient'),
      widthPx: 110,
      sortBy: (row) => row.patientNameMasked,
      show: (row) => row.patientNameMasked,
    },
    {
      key: 'code',
      title: say('bookings.column.code'),
      widthPx: 120,
      show: (row) => <span class="figures">{groupBookingCode(row.code)}</span>,
    },
    {
      key: 'clinic',
      title: say('bookings.column.clinic'),
      sortBy: (row) => row.clinicName,
      show: (row) => `${row.clinicName} · ${row.doctorName}`,
    },
    {
      key: 'state',
      title: say('bookings.column.state'),
      widthPx: 150,
      sortBy: (row) => row.state,
      show: (row) => <BookingTag row={row} asOf={asOf} />,
    },
    {
      key: 'number',
      title: say('bookings.column.number'),
      widthPx: 90,
      sortBy: (row) => row.arrival?.queueNumber ?? '',
      show: (row) => <b class="figures">{row.arrival?.queueNumber ?? ''}</b>,
    },
    {
      key: 'arrival',
      title: say('bookings.column.arrival'),
      sortBy: (row) => row.arrival?.arrivedAt ?? 0,
      show: (row) =>
        row.arrival === null
          ? ''
          : say('bookings.arrivedAt', { time: dates.clock(row.arrival.arrivedAt), station: row.arrival.stationName }),
    },
  ]
}

function BookingTag({ row, asOf }: { row: DayBoardRow; asOf: number }) {
  const say = useSay()
  switch (row.state) {
    case 'booked':
      return isOverdue(row, asOf) ? (
        <StatusTag tone="notice" icon="warning" label={say('bookings.state.overdue')} />
      ) : (
        <StatusTag tone="quiet" icon="waiting" label={say('bookings.state.booked')} />
      )
    case 'arrived':
      return row.arrival?.standing === 'late' ? (
        <StatusTag tone="notice" icon="clock" label={say('bookings.state.late')} />
      ) : (
        <StatusTag tone="good" icon="ok" label={say('bookings.state.arrived')} />
      )
    case 'cancelled':
      return <StatusTag tone="quiet" icon="off" label={say('bookings.state.cancelled')} />
    case 'rescheduled':
      return <StatusTag tone="info" icon="moved" label={say('bookings.state.rescheduled')} />
  }
}
