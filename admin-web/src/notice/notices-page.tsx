import { useQuery, useQueryClient } from '@tanstack/preact-query'
import type { WhoAmI } from '@yizhan/contracts/access'
import type { NoticeRow, PublishedNotice } from '@yizhan/contracts/notice'
import { useMemo, useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { useLocale, useLocalText, useSay } from '../catalogue/admin-text.tsx'
import { useServices } from '../shell/admin-services.ts'
import { LoadProblem } from '../shell/load-problem.tsx'
import { PageHeading } from '../shell/page-heading.tsx'
import { pollEveryMs } from '../shell/use-live.ts'
import { type Repeatable, useRepeatable } from '../shell/use-repeatable.ts'
import { momentOfField } from '../todo/todo-words.ts'
import { EmptyState } from '../ui-admin/empty-state.tsx'
import { Notice } from '../ui-admin/notice.tsx'
import { PushButton } from '../ui-admin/push-button.tsx'
import { SideDrawer } from '../ui-admin/side-drawer.tsx'
import { SkeletonRows } from '../ui-admin/skeleton-rows.tsx'
import { ViewSwitch } from '../ui-admin/view-switch.tsx'
import { type AdminDates, adminDates } from '../working-time/admin-dates.ts'
import { type NoticeDraft, NoticeForm } from './notice-form.tsx'
import { NoticeInbox } from './notice-inbox.tsx'
import { noticeRefusal, noticeText } from './notice-words.ts'
import { PublishedNotices } from './published-notices.tsx'

/** Notices and bulletins: what is to be read, and for those who publish, what they published and who has read it. */
export function NoticesPage({ who }: { who: WhoAmI }) {
  const say = useSay()
  const locale = useLocale()
  const dates = useMemo(() => adminDates(who.zone, locale), [who.zone, locale])
  const { client } = useServices()
  const queries = useQueryClient()
  const { query } = useLocation()
  const [composing, setComposing] = useState(false)
  const mayPublish = who.calls.includes('notice.publish')
  const view = mayPublish && query.view === 'published' ? 'published' : 'inbox'
  const deeds = useRepeatable(noticeRefusal, () => queries.invalidateQueries({ queryKey: ['notices'] }))
  const publish = ({ from, until, ...draft }: NoticeDraft) =>
    deeds.carryOut({
      what: JSON.stringify({ ...draft, from, until }),
      done: say('notices.told.published', { title: draft.title }),
      send: async (operationId) => {
        const span = { publishedFrom: momentOfField(dates, from), publishedUntil: momentOfField(dates, until) }
        await client.notice.publish({ operationId, ...draft, ...span })
        setComposing(false)
      },
    })
  return (
    <>
      <PageHeading
        title={say('notices.title')}
        purpose={say('notices.purpose')}
        aside={
          mayPublish && (
            <PushButton kind="primary" icon="plus" label={say('notices.new')} onPress={() => setComposing(true)} />
          )
        }
      />
      {mayPublish && (
        <ViewSwitch
          label={say('todos.views')}
          now={view}
          views={[
            { view: 'inbox', label: say('notices.view.inbox'), href: '/admin/notices' },
            { view: 'published', label: say('notices.view.published'), href: '/admin/notices?view=published' },
          ]}
        />
      )}
      {deeds.failed && <Notice tone="bad">{say('fault.unsaved')}</Notice>}
      {deeds.refused !== null && <Notice tone="bad">{say(deeds.refused)}</Notice>}
      {view === 'inbox' ? <Inbox dates={dates} deeds={deeds} /> : <Published dates={dates} deeds={deeds} />}
      <SideDrawer
        title={say('notices.new')}
        open={composing}
        closeLabel={say('app.close')}
        onClose={() => setComposing(false)}
      >
        <NoticeForm busy={deeds.busy} onPublish={publish} />
      </SideDrawer>
    </>
  )
}

interface ViewProps {
  dates: AdminDates
  deeds: Repeatable
}

function Inbox({ dates, deeds }: ViewProps) {
  const say = useSay()
  const localText = useLocalText()
  const { client } = useServices()
  const list = useQuery({
    queryKey: ['notices', 'inbox'],
    queryFn: () => client.notice.inbox(),
    refetchInterval: pollEveryMs,
  })
  const read = ({ noticeId, subject }: NoticeRow, acknowledge: boolean) =>
    deeds.carryOut({
      what: `read ${noticeId} ${acknowledge}`,
      done: say('notices.told.read', { title: noticeText(say, localText, subject).title }),
      send: (operationId) => client.notice.read({ operationId, noticeId, acknowledge }),
    })
  if (list.data === undefined && !list.isError) return <SkeletonRows rows={4} label={say('app.loading')} />
  return (
    <>
      {list.isError && (
        <LoadProblem
          error={list.error}
          staleTime={list.data === undefined ? null : dates.clock(list.data.asOf)}
          onRetry={() => list.refetch()}
        />
      )}
      {list.data?.notices.length === 0 && (
        <EmptyState title={say('notices.empty.inbox.title')} body={say('notices.empty.inbox.body')} />
      )}
      {list.data !== undefined && (
        <NoticeInbox notices={list.data.notices} dates={dates} busy={deeds.busy || list.isError} onRead={read} />
      )}
    </>
  )
}

function Published({ dates, deeds }: ViewProps) {
  const say = useSay()
  const localText = useLocalText()
  const { client } = useServices()
  const list = useQuery({
    queryKey: ['notices', 'published'],
    queryFn: () => client.notice.published(),
    refetchInterval: pollEveryMs,
  })
  const withdraw = ({ noticeId, subject }: PublishedNotice) =>
    deeds.carryOut({
      what: `withdraw ${noticeId}`,
      done: say('notices.told.withdrawn', { title: noticeText(say, localText, subject).title }),
      send: (operationId) => client.notice.withdraw({ operationId, noticeId }),
    })
  if (list.isError) return <LoadProblem error={list.error} staleTime={null} onRetry={() => list.refetch()} />
  if (list.data === undefined) return <SkeletonRows rows={4} label={say('app.loading')} />
  return (
    <PublishedNotices
      notices={list.data.notices}
      dates={dates}
      busy={deeds.busy}
      empty={<EmptyState title={say('notices.empty.published.title')} body={say('notices.empty.published.body')} />}
      onWithdraw={withdraw}
    />
  )
}
