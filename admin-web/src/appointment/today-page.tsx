import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/preact-query'
import type { WhoAmI } from '@yizhan/contracts/access'
import { useMemo, useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { useLocale, useSay } from '../catalogue/admin-text.tsx'
import { useServices } from '../shell/admin-services.ts'
import { LoadProblem } from '../shell/load-problem.tsx'
import { PageHeading } from '../shell/page-heading.tsx'
import { pollEveryMs } from '../shell/use-live.ts'
import { EmptyState } from '../ui-admin/empty-state.tsx'
import { PushButton } from '../ui-admin/push-button.tsx'
import { SkeletonRows } from '../ui-admin/skeleton-rows.tsx'
import { adminDates } from '../working-time/admin-dates.ts'
import { ClinicCounts } from './clinic-counts.tsx'
import { useClinicNames } from './clinic-names.ts'
import { ConflictList } from './conflict-list.tsx'
import { CutOffNotice } from './cut-off-notice.tsx'
import { type DayBoardFilter, dayBoardAddress, isNarrowed, readDayBoardFilter, rowsOf } from './day-board-filter.ts'
import { DayBoardFilters } from './day-board-filters.tsx'
import { DayBoardTable } from './day-board-table.tsx'
import { DeskPane, type DeskWork } from './desk-pane.tsx'

/** The day board: who is booked, who has come, and the desk's work on bookings. */
export function TodayPage({ who }: { who: WhoAmI }) {
  const say = useSay()
  const locale = useLocale()
  const dates = useMemo(() => adminDates(who.zone, locale), [who.zone, locale])
  const { client, clock } = useServices()
  const queries = useQueryClient()
  const { query, route } = useLocation()
  const filter = readDayBoardFilter(query)
  const [work, setWork] = useState<DeskWork>(null)
  const board = useQuery({
    queryKey: ['bookings', filter.day],
    queryFn: () => client.appointment.day(filter.day === null ? {} : { day: filter.day }),
    refetchInterval: pollEveryMs,
    placeholderData: keepPreviousData,
  })
  const inOwnLanguage = useClinicNames()
  const clinics = inOwnLanguage(board.data?.clinics ?? [])
  const narrow = (next: DayBoardFilter) => route(dayBoardAddress(next), true)
  const changed = () => queries.invalidateQueries({ queryKey: ['bookings'] })
  const today = dates.dayOf(clock())
  const day = filter.day ?? board.data?.day ?? today
  return (
    <>
      <PageHeading
        title={day === today ? say('bookings.title') : say('bookings.title.other', { day: dates.day(day) })}
        purpose={say('bookings.purpose')}
        aside={
          <PushButton kind="primary" icon="plus" label={say('bookings.new')} onPress={() => setWork({ kind: 'new' })} />
        }
      />
      <DayBoardFilters filter={filter} day={day} dates={dates} clinics={clinics} onFilter={narrow} />
      {board.isError && (
        <LoadProblem
          error={board.error}
          staleTime={board.data === undefined ? null : dates.clock(board.data.asOf)}
          onRetry={() => board.refetch()}
        />
      )}
      <CutOffNotice day={day} dates={dates} />
      <ConflictList dates={dates} />
      {board.data === undefined && !board.isError && <SkeletonRows rows={12} label={say('app.loading')} />}
      {board.data !== undefined && (
        <>
          <ClinicCounts
            clinics={clinics}
            chosen={filter.clinicId}
            onChoose={(clinicId) => narrow({ ...filter, clinicId })}
          />
          <DayBoardTable
            rows={inOwnLanguage(rowsOf(filter, board.data.rows, board.data.asOf))}
            asOf={board.data.asOf}
            dates={dates}
            onMove={(row) => setWork({ kind: 'move', row })}
            onCancel={(row) => setWork({ kind: 'cancel', row })}
            empty={
              <EmptyBoard
                filter={filter}
                bookingsOfDay={board.data.rows.length}
                onClear={() => narrow({ day: filter.day, clinicId: null, state: null, text: '' })}
              />
            }
          />
          <p class="as-of">{say('app.asOf', { time: dates.dayAndClock(board.data.asOf) })}</p>
        </>
      )}
      <DeskPane
        work={work}
        day={[day, today].sort().at(-1) ?? today}
        dates={dates}
        who={who}
        onClose={() => setWork(null)}
        onChanged={changed}
      />
    </>
  )
}

function EmptyBoard({
  filter,
  bookingsOfDay,
  onClear,
}: {
  filter: DayBoardFilter
  bookingsOfDay: number
  onClear(): void
}) {
  const say = useSay()
  if (!isNarrowed(filter) || bookingsOfDay === 0) {
    return <EmptyState title={say('bookings.empty.title')} body={say('bookings.empty.body')} />
  }
  return (
    <EmptyState
      title={say('bookings.noMatch.title')}
      body={say('bookings.noMatch.body', { n: bookingsOfDay })}
      action={<PushButton label={say('bookings.clear')} onPress={onClear} />}
    />
  )
}
