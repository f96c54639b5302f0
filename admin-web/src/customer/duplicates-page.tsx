import { useQuery, useQueryClient } from '@tanstack/preact-query'
import type { WhoAmI } from '@yizhan/contracts/access'
import type { DuplicateRow, MergeRow } from '@yizhan/contracts/customer-merge'
import { useMemo, useState } from 'preact/hooks'
import { useLocale, useSay } from '../catalogue/admin-text.tsx'
import { useServices } from '../shell/admin-services.ts'
import { LoadProblem } from '../shell/load-problem.tsx'
import { PageHeading } from '../shell/page-heading.tsx'
import { type Repeatable, useRepeatable } from '../shell/use-repeatable.ts'
import { ConfirmDialog } from '../ui-admin/confirm-dialog.tsx'
import { EmptyState } from '../ui-admin/empty-state.tsx'
import { Notice } from '../ui-admin/notice.tsx'
import { PushButton } from '../ui-admin/push-button.tsx'
import { SkeletonRows } from '../ui-admin/skeleton-rows.tsx'
import { type AdminDates, adminDates } from '../working-time/admin-dates.ts'
import { customerRefusal } from './customer-words.ts'
import { DuplicatePair } from './duplicate-pair.tsx'

/** Files that may be one person's, side by side, to be merged or told apart; and the merges that can be undone. */
export function DuplicatesPage({ who }: { who: WhoAmI }) {
  const say = useSay()
  const locale = useLocale()
  const dates = useMemo(() => adminDates(who.zone, locale), [who.zone, locale])
  const { client } = useServices()
  const queries = useQueryClient()
  const list = useQuery({ queryKey: ['duplicates'], queryFn: () => client.customer.duplicates() })
  const deeds = useRepeatable(customerRefusal, async () => {
    await queries.invalidateQueries({ queryKey: ['duplicates'] })
    await queries.invalidateQueries({ queryKey: ['customers'] })
  })
  const dismiss = ({ one, other }: DuplicateRow) => {
    const pair = { oneId: one.personId, otherId: other.personId }
    return deeds.carryOut({
      what: JSON.stringify(pair),
      done: say('duplicates.dismissed'),
      send: (operationId) => client.customer.dismissDuplicate({ ...pair, operationId }),
    })
  }
  return (
    <>
      <a class="back-link" href="/admin/customers">
        {say('customer.back')}
      </a>
      <PageHeading title={say('duplicates.title')} purpose={say('duplicates.purpose')} />
      {list.isError && <LoadProblem error={list.error} staleTime={null} onRetry={() => list.refetch()} />}
      {deeds.failed && <Notice tone="bad">{say('fault.unsaved')}</Notice>}
      {deeds.refused !== null && <Notice tone="bad">{say(deeds.refused)}</Notice>}
      {list.data === undefined && !list.isError && <SkeletonRows rows={8} label={say('app.loading')} />}
      {list.data?.rows.length === 0 && (
        <EmptyState title={say('duplicates.empty.title')} body={say('duplicates.empty.body')} />
      )}
      {list.data?.rows.map((row) => (
        <DuplicatePair
          key={`${row.one.personId} ${row.other.personId}`}
          row={row}
          dates={dates}
          busy={deeds.busy}
          onDismiss={() => {
            dismiss(row).catch(() => undefined)
          }}
          onMerge={(merge) => {
            deeds
              .carryOut({
                what: JSON.stringify(merge),
                done: say('duplicates.merged'),
                send: (operationId) => client.customer.merge({ ...merge, operationId }),
              })
              .catch(() => undefined)
          }}
        />
      ))}
      {list.data !== undefined && <Merges merges={list.data.merges} dates={dates} deeds={deeds} />}
    </>
  )
}

function Merges({ merges, dates, deeds }: { merges: readonly MergeRow[]; dates: AdminDates; deeds: Repeatable }) {
  const say = useSay()
  const { client } = useServices()
  const [undoing, setUndoing] = useState<MergeRow | null>(null)
  if (merges.length === 0) return null
  const names = (row: MergeRow) => ({ merged: row.mergedShown, survivor: row.survivorShown })
  return (
    <section class="customer-panel" aria-label={say('duplicates.merges')}>
      <header>
        <h2>{say('duplicates.merges')}</h2>
      </header>
      <ul class="customer-list">
        {merges.map((row) => (
          <li key={row.mergeId}>
            <span class="customer-value">
              <a href={`/admin/customers/${row.survivorId}`}>{say('duplicates.merges.row', names(row))}</a>
              <small> {say('duplicates.merges.by', { time: dates.dayAndClock(row.at), who: row.byName })}</small>
            </span>
            <PushButton
              kind="quiet"
              label={say('duplicates.undo')}
              spokenLabel={say('duplicates.undo.of', names(row))}
              onPress={() => setUndoing(row)}
            />
          </li>
        ))}
      </ul>
      {undoing !== null && (
        <ConfirmDialog
          open={true}
          title={say('duplicates.undo.title', names(undoing))}
          confirmLabel={say('duplicates.undo')}
          keepLabel={say('duplicates.undo.keep')}
          busy={deeds.busy}
          onKeep={() => setUndoing(null)}
          onConfirm={() => {
            const close = () => setUndoing(null)
            deeds
              .carryOut({
                what: `undo ${undoing.mergeId}`,
                done: say('duplicates.undo.done'),
                send: (operationId) => client.customer.unmerge({ mergeId: undoing.mergeId, operationId }),
              })
              .then(close, close)
          }}
        >
          <p>{say('duplicates.undo.body')}</p>
        </ConfirmDialog>
      )}
    </section>
  )
}
