import { useQuery } from '@tanstack/preact-query'
import type { NoticeReceipt, PublishedNotice } from '@yizhan/contracts/notice'
import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { type Say, useLocale, useLocalText, useSay } from '../catalogue/admin-text.tsx'
import { useServices } from '../shell/admin-services.ts'
import { useAddressees } from '../todo/addressee-field.tsx'
import { ConfirmDialog } from '../ui-admin/confirm-dialog.tsx'
import { type DataColumn, DataTable } from '../ui-admin/data-table.tsx'
import { PushButton } from '../ui-admin/push-button.tsx'
import { SideDrawer } from '../ui-admin/side-drawer.tsx'
import { SkeletonRows } from '../ui-admin/skeleton-rows.tsx'
import type { AdminDates } from '../working-time/admin-dates.ts'
import { noticeText, targetsText } from './notice-words.ts'

interface Props {
  notices: readonly PublishedNotice[]
  dates: AdminDates
  busy: boolean
  empty: ComponentChildren
  onWithdraw(notice: PublishedNotice): Promise<void>
}

/** What was published, how many have read it, who has not, and the way to take it back. */
export function PublishedNotices({ notices, dates, busy, empty, onWithdraw }: Props) {
  const say = useSay()
  const localText = useLocalText()
  const [shown, setShown] = useState<PublishedNotice | null>(null)
  const [going, setGoing] = useState<PublishedNotice | null>(null)
  const titleOf = (notice: PublishedNotice) => noticeText(say, localText, notice.subject).title
  return (
    <>
      <DataTable<PublishedNotice>
        label={say('notices.view.published')}
        rows={notices}
        rowKey={({ noticeId }) => noticeId}
        isQuiet={({ withdrawnAt }) => withdrawnAt !== null}
        totalText={(n) => say('app.total', { n })}
        empty={empty}
        columns={usePublishedColumns({ dates, busy, titleOf, onShow: setShown, onAskWithdraw: setGoing })}
      />
      <SideDrawer
        title={shown === null ? '' : say('notices.receipts.of', { title: titleOf(shown) })}
        open={shown !== null}
        closeLabel={say('app.close')}
        onClose={() => setShown(null)}
      >
        {shown !== null && <ReceiptList notice={shown} dates={dates} />}
      </SideDrawer>
      <ConfirmDialog
        open={going !== null}
        title={going === null ? '' : say('notices.withdraw.title', { title: titleOf(going) })}
        confirmLabel={say('notices.withdraw')}
        keepLabel={say('app.cancel')}
        busy={busy}
        onConfirm={() => {
          if (going !== null)
            onWithdraw(going).then(
              () => setGoing(null),
              () => setGoing(null),
            )
        }}
        onKeep={() => setGoing(null)}
      >
        <p>{say('notices.withdraw.body')}</p>
      </ConfirmDialog>
    </>
  )
}

interface ColumnDeps {
  dates: AdminDates
  busy: boolean
  titleOf(notice: PublishedNotice): string
  onShow(notice: PublishedNotice): void
  onAskWithdraw(notice: PublishedNotice): void
}

function usePublishedColumns({ dates, busy, titleOf, onShow, onAskWithdraw }: ColumnDeps) {
  const say = useSay()
  const locale = useLocale()
  const names = useAddressees()
  const columns: DataColumn<PublishedNotice>[] = [
    { key: 'title', title: say('notices.form.title'), sortBy: titleOf, show: (notice) => <b>{titleOf(notice)}</b> },
    { key: 'to', title: say('notices.column.to'), show: ({ targets }) => targetsText(say, locale, { targets, names }) },
    {
      key: 'span',
      title: say('notices.column.span'),
      widthPx: 320,
      sortBy: ({ publishedFrom }) => publishedFrom,
      show: (notice) => <span class="figures">{spanText(say, dates, notice)}</span>,
    },
    {
      key: 'read',
      title: say('notices.column.read'),
      widthPx: 150,
      sortBy: ({ addressed, read }) => addressed - read,
      show: (notice) => <span class="figures">{readText(say, notice)}</span>,
    },
    {
      key: 'actions',
      title: say('todos.column.actions'),
      widthPx: 180,
      show: (notice) => (
        <span class="slip-actions">
          <PushButton
            label={say('notices.receipts')}
            spokenLabel={say('todos.action.of', { what: say('notices.receipts'), title: titleOf(notice) })}
            onPress={() => onShow(notice)}
          />
          {notice.withdrawnAt === null && (
            <PushButton
              kind="quiet-danger"
              label={say('notices.withdraw')}
              spokenLabel={say('todos.action.of', { what: say('notices.withdraw'), title: titleOf(notice) })}
              disabled={busy}
              onPress={() => onAskWithdraw(notice)}
            />
          )}
        </span>
      ),
    },
  ]
  return columns
}

function spanText(say: Say, dates: AdminDates, notice: PublishedNotice): string {
  if (notice.withdrawnAt !== null) return say('notices.withdrawn', { at: dates.dayAndClock(notice.withdrawnAt) })
  const from = dates.dayAndClock(notice.publishedFrom)
  if (notice.publishedUntil === null) return say('notices.span.open', { from })
  return say('notices.span', { from, until: dates.dayAndClock(notice.publishedUntil) })
}

function readText(say: Say, { addressed, read, acknowledged, mustAcknowledge }: PublishedNotice): string {
  return mustAcknowledge
    ? say('notices.count.acknowledged', { n: acknowledged, of: addressed })
    : say('notices.count.read', { n: read, of: addressed })
}

function ReceiptList({ notice, dates }: { notice: PublishedNotice; dates: AdminDates }) {
  const say = useSay()
  const { client } = useServices()
  const { noticeId } = notice
  const list = useQuery({
    queryKey: ['notices', 'receipts', noticeId],
    queryFn: () => client.notice.receipts({ noticeId }),
  })
  if (list.data === undefined) return <SkeletonRows rows={4} label={say('app.loading')} />
  const open = list.data.receipts.filter((one) => whatOf(notice, one) !== 'done')
  const done = list.data.receipts.filter((one) => whatOf(notice, one) === 'done')
  return (
    <div class="ui-form">
      <section>
        <h2>{say('notices.receipts.open', { n: open.length })}</h2>
        <People receipts={open} notice={notice} dates={dates} />
      </section>
      <section>
        <h2>{say('notices.receipts.done', { n: done.length })}</h2>
        <People receipts={done} notice={notice} dates={dates} />
      </section>
    </div>
  )
}

function whatOf({ mustAcknowledge }: PublishedNotice, { readAt, acknowledgedAt }: NoticeReceipt) {
  if (readAt === null) return 'unread' as const
  return mustAcknowledge && acknowledgedAt === null ? ('readOnly' as const) : ('done' as const)
}

interface PeopleProps {
  receipts: readonly NoticeReceipt[]
  notice: PublishedNotice
  dates: AdminDates
}

function People({ receipts, notice, dates }: PeopleProps) {
  const say = useSay()
  return (
    <ul class="notice-people">
      {receipts.map((one) => {
        const at = one.acknowledgedAt ?? one.readAt
        return (
          <li key={one.userId}>
            <span>{one.name}</span>
            <span class="todo-soft figures">
              {whatOf(notice, one) === 'done' && at !== null
                ? dates.dayAndClock(at)
                : say(`notices.receipt.${whatOf(notice, one) === 'unread' ? 'unread' : 'readOnly'}`)}
            </span>
          </li>
        )
      })}
    </ul>
  )
}
