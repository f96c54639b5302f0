import { useQuery, useQueryClient } from '@tanstack/preact-query'
import type { WhoAmI } from '@yizhan/contracts/access'
import type { SlipRow } from '@yizhan/contracts/fleet'
import { useMemo, useState } from 'preact/hooks'
import { useLocale, useSay } from '../catalogue/admin-text.tsx'
import { useServices } from '../shell/admin-services.ts'
import { LoadProblem } from '../shell/load-problem.tsx'
import { PageHeading } from '../shell/page-heading.tsx'
import { pollEveryMs } from '../shell/use-live.ts'
import { ConfirmDialog } from '../ui-admin/confirm-dialog.tsx'
import { EmptyState } from '../ui-admin/empty-state.tsx'
import { Notice } from '../ui-admin/notice.tsx'
import { SkeletonRows } from '../ui-admin/skeleton-rows.tsx'
import { StatusTag } from '../ui-admin/status-tag.tsx'
import { adminDates } from '../working-time/admin-dates.ts'
import { SlipTable } from './slip-table.tsx'
import { openDecisions } from './slip-words.ts'
import { useDeciding } from './use-deciding.ts'

/** The slips of today that somebody has to look after: of unknown outcome, waiting, or ended without paper. */
export function SlipsPage({ who }: { who: WhoAmI }) {
  const say = useSay()
  const locale = useLocale()
  const dates = useMemo(() => adminDates(who.zone, locale), [who.zone, locale])
  const { client } = useServices()
  const queries = useQueryClient()
  const [givingUp, setGivingUp] = useState<SlipRow | null>(null)
  // Under the key of the stations: what rings for them rings for their slips.
  const list = useQuery({
    queryKey: ['stations', 'slips'],
    queryFn: () => client.fleet.slips(),
    refetchInterval: pollEveryMs,
  })
  const fleet = useQuery({ queryKey: ['stations'], queryFn: () => client.fleet.list(), refetchInterval: pollEveryMs })
  const away = fleet.data?.stations.filter(({ link }) => link === 'offline').map(({ stationId }) => stationId)
  const deciding = useDeciding(() => queries.invalidateQueries({ queryKey: ['stations', 'slips'] }))
  return (
    <>
      <PageHeading
        title={say('slips.title')}
        purpose={say('slips.purpose')}
        aside={list.data !== undefined && !list.isError && <OpenTag slips={list.data.slips} />}
      />
      {list.isError && (
        <LoadProblem
          error={list.error}
          staleTime={list.data === undefined ? null : dates.clock(list.data.asOf)}
          onRetry={() => list.refetch()}
        />
      )}
      {deciding.failed && <Notice tone="bad">{say('slips.unsaved')}</Notice>}
      {deciding.refused !== null && <Notice tone="bad">{say(deciding.refused)}</Notice>}
      {list.data === undefined && !list.isError && <SkeletonRows rows={6} label={say('app.loading')} />}
      {list.data !== undefined && (
        <>
          {list.data.slips.some(({ state }) => state === 'held') && <Notice tone="info">{say('slips.how')}</Notice>}
          <SlipTable
            slips={list.data.slips}
            awayStations={new Set(away)}
            dates={dates}
            busy={deciding.busy || list.isError}
            onDecide={(slip, decision) => (decision === 'cancel' ? setGivingUp(slip) : deciding.decide(slip, decision))}
            empty={<EmptyState title={say('slips.empty.title')} body={say('slips.empty.body')} />}
          />
          <p class="as-of">{say('app.asOf', { time: dates.dayAndClock(list.data.asOf) })}</p>
        </>
      )}
      <GiveUpSlip
        slip={givingUp}
        busy={deciding.busy}
        onKeep={() => setGivingUp(null)}
        onGiveUp={(slip) => {
          setGivingUp(null)
          return deciding.decide(slip, 'cancel')
        }}
      />
    </>
  )
}

function OpenTag({ slips }: { slips: readonly SlipRow[] }) {
  const say = useSay()
  const open = slips.filter((slip) => openDecisions(slip).length > 0).length
  return open === 0 ? (
    <StatusTag tone="good" icon="ok" label={say('slips.open.none')} />
  ) : (
    <StatusTag tone="notice" icon="warning" label={say('slips.open.some', { n: open })} />
  )
}

interface GiveUpProps {
  slip: SlipRow | null
  busy: boolean
  onKeep(): void
  onGiveUp(slip: SlipRow): Promise<void>
}

function GiveUpSlip({ slip, busy, onKeep, onGiveUp }: GiveUpProps) {
  const say = useSay()
  if (slip === null) return null
  return (
    <ConfirmDialog
      open={true}
      title={say('slips.cancel.title', { number: slip.queueNumber ?? slip.patientNameMasked })}
      confirmLabel={say('slips.decide.cancel')}
      keepLabel={say('slips.cancel.keep')}
      busy={busy}
      onConfirm={() => onGiveUp(slip)}
      onKeep={onKeep}
    >
      <p>{say('slips.cancel.body')}</p>
    </ConfirmDialog>
  )
}
