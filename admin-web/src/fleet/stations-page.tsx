import { useQuery, useQueryClient } from '@tanstack/preact-query'
import type { WhoAmI } from '@yizhan/contracts/access'
import type { StationRow } from '@yizhan/contracts/fleet'
import { useMemo, useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { useLocale, useSay } from '../catalogue/admin-text.tsx'
import { EnrolMachine } from '../pairing/enrol-machine.tsx'
import { ReceiptSearch } from '../receipt/receipt-search.tsx'
import { useServices } from '../shell/admin-services.ts'
import { LoadProblem } from '../shell/load-problem.tsx'
import { PageHeading } from '../shell/page-heading.tsx'
import { pollEveryMs } from '../shell/use-live.ts'
import { EmptyState } from '../ui-admin/empty-state.tsx'
import { PushButton } from '../ui-admin/push-button.tsx'
import { SkeletonRows } from '../ui-admin/skeleton-rows.tsx'
import { StatusTag } from '../ui-admin/status-tag.tsx'
import { type AdminDates, adminDates } from '../working-time/admin-dates.ts'
import { RevokeStation } from './revoke-station.tsx'
import { StationDrawer } from './station-drawer.tsx'
import { StationTable } from './station-table.tsx'
import { byNeed, needsSomebody } from './station-words.ts'

/** The fleet: every station with its true state, those that need somebody first. */
export function StationsPage({ who }: { who: WhoAmI }) {
  const say = useSay()
  const locale = useLocale()
  const dates = useMemo(() => adminDates(who.zone, locale), [who.zone, locale])
  const { client } = useServices()
  const queries = useQueryClient()
  const { query, route } = useLocation()
  const [revoking, setRevoking] = useState(false)
  const fleet = useQuery({
    queryKey: ['stations'],
    queryFn: () => client.fleet.list(),
    refetchInterval: pollEveryMs,
  })
  const chosen = fleet.data?.stations.find(({ stationId }) => stationId === query['station']) ?? null
  const close = () => route('/admin/stations', true)
  const isAdministrator = who.calls.includes('fleet.enrol')
  const closeAndLook = async () => {
    close()
    await queries.invalidateQueries({ queryKey: ['stations'] })
  }
  return (
    <>
      <PageHeading
        title={say('stations.title')}
        purpose={say('stations.purpose')}
        aside={
          <FleetAside
            fleet={fleet.data ?? null}
            onlyThen={fleet.isError && fleet.data !== undefined ? dates.clock(fleet.data.asOf) : null}
            mayEnrol={isAdministrator}
            onEnrolled={closeAndLook}
            dates={dates}
          />
        }
      />
      {fleet.isError && (
        <LoadProblem
          error={fleet.error}
          staleTime={fleet.data === undefined ? null : dates.clock(fleet.data.asOf)}
          onRetry={() => fleet.refetch()}
        />
      )}
      {fleet.data === undefined && !fleet.isError && <SkeletonRows rows={6} label={say('app.loading')} />}
      {fleet.data !== undefined && (
        <>
          <StationTable
            stations={byNeed(fleet.data.stations)}
            asOf={fleet.data.asOf}
            centreAway={fleet.isError}
            dates={dates}
            onOpen={(station) => route(`/admin/stations?station=${station.stationId}`, true)}
            empty={<EmptyState title={say('stations.empty.title')} body={say('stations.empty.body')} />}
          />
          <p class="as-of">{say('app.asOf', { time: dates.dayAndClock(fleet.data.asOf) })}</p>
          <StationDrawer
            station={chosen}
            asOf={fleet.data.asOf}
            centreAway={fleet.isError}
            dates={dates}
            calls={who.calls}
            onRevoke={() => setRevoking(true)}
            onClose={close}
          />
        </>
      )}
      <RevokeStation
        station={revoking ? chosen : null}
        onClose={() => setRevoking(false)}
        onRevoked={async () => {
          setRevoking(false)
          await closeAndLook()
        }}
      />
    </>
  )
}

interface AsideProps {
  fleet: { stations: readonly StationRow[] } | null
  onlyThen: string | null
  mayEnrol: boolean
  onEnrolled(): Promise<void>
  dates: AdminDates
}

/** How the fleet is, and the way to let a new machine in. */
function FleetAside({ fleet, onlyThen, mayEnrol, onEnrolled, dates }: AsideProps) {
  const say = useSay()
  const { query, route } = useLocation()
  return (
    <span class="tags">
      {fleet !== null && fleet.stations.length > 0 && (
        <FleetTag needing={fleet.stations.filter(needsSomebody).length} onlyThen={onlyThen} />
      )}
      <ReceiptSearch dates={dates} />
      {mayEnrol && (
        <PushButton icon="plus" label={say('pairing.open')} onPress={() => route('/admin/stations?enrol=1', true)} />
      )}
      <EnrolMachine
        open={mayEnrol && query['enrol'] !== undefined}
        stations={fleet?.stations ?? []}
        onClose={() => route('/admin/stations', true)}
        onEnrolled={onEnrolled}
      />
    </span>
  )
}

/** The fleet in one tag; while the centre is away it says of when the list is, and nothing of now. */
function FleetTag({ needing, onlyThen }: { needing: number; onlyThen: string | null }) {
  const say = useSay()
  if (onlyThen !== null) {
    return <StatusTag tone="quiet" icon="clock" label={say('stations.need.stale', { time: onlyThen })} />
  }
  return needing === 0 ? (
    <StatusTag tone="good" icon="ok" label={say('stations.need.none')} />
  ) : (
    <StatusTag tone="notice" icon="warning" label={say('stations.need.some', { n: needing })} />
  )
}
