import { keepPreviousData, useQuery } from '@tanstack/preact-query'
import type { WhoAmI } from '@yizhan/contracts/access'
import { useMemo } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { useLocale, useSay } from '../catalogue/admin-text.tsx'
import { useServices } from '../shell/admin-services.ts'
import { LoadProblem } from '../shell/load-problem.tsx'
import { PageHeading } from '../shell/page-heading.tsx'
import { EmptyState } from '../ui-admin/empty-state.tsx'
import { PushButton } from '../ui-admin/push-button.tsx'
import { SkeletonRows } from '../ui-admin/skeleton-rows.tsx'
import { adminDates } from '../working-time/admin-dates.ts'
import { AuditChain } from './audit-chain.tsx'
import { type AuditFilter, auditAddress, auditQuestionOf, readAuditFilter } from './audit-filter.ts'
import { AuditFilters } from './audit-filters.tsx'
import { AuditTable } from './audit-table.tsx'

/** The audit trail: who did and saw what, and whether the trail is still what it was. */
export function AuditPage({ who }: { who: WhoAmI }) {
  const say = useSay()
  const locale = useLocale()
  const dates = useMemo(() => adminDates(who.zone, locale), [who.zone, locale])
  const { client } = useServices()
  const { query, route } = useLocation()
  const filter = readAuditFilter(query)
  const question = auditQuestionOf(filter, (day) => dates.instantOf(day, '00:00'))
  const state = useQuery({ queryKey: ['audit', 'state'], queryFn: () => client.audit.state() })
  const trail = useQuery({
    queryKey: ['audit', question],
    queryFn: () => client.audit.list(question),
    placeholderData: keepPreviousData,
  })
  const narrow = (next: AuditFilter) => route(auditAddress(next), true)
  const turn = (after: AuditFilter['after']) => route(auditAddress({ ...filter, after }))
  return (
    <>
      <PageHeading title={say('audit.title')} purpose={say('audit.purpose')} />
      {state.data !== undefined && <AuditChain state={state.data} dates={dates} />}
      <AuditFilters filter={filter} choices={state.data} onFilter={narrow} />
      {trail.isError && (
        <LoadProblem
          error={trail.error}
          staleTime={trail.data === undefined ? null : dates.clock(trail.data.asOf)}
          onRetry={() => trail.refetch()}
        />
      )}
      {trail.data === undefined && !trail.isError && <SkeletonRows rows={8} label={say('app.loading')} />}
      {trail.data !== undefined && (
        <>
          <AuditTable
            rows={trail.data.rows}
            dates={dates}
            empty={<EmptyState title={say('audit.empty.title')} body={say('audit.empty.body')} />}
          />
          <div class="day-turn">
            {filter.after !== null && (
              <PushButton icon="earlier" label={say('audit.youngest')} onPress={() => turn(null)} />
            )}
            {trail.data.next !== null && (
              <PushButton icon="later" label={say('audit.older')} onPress={() => turn(trail.data.next)} />
            )}
          </div>
          <p class="as-of">{say('app.asOf', { time: dates.dayAndClock(trail.data.asOf) })}</p>
        </>
      )}
    </>
  )
}
