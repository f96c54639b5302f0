import type { NoticeRow } from '@yizhan/contracts/notice'
import { type Say, useLocalText, useSay } from '../catalogue/admin-text.tsx'
import { PushButton } from '../ui-admin/push-button.tsx'
import { StatusTag } from '../ui-admin/status-tag.tsx'
import type { AdminDates } from '../working-time/admin-dates.ts'
import { noticeText } from './notice-words.ts'

interface Props {
  notices: readonly NoticeRow[]
  dates: AdminDates
  busy: boolean
  onRead(notice: NoticeRow, acknowledge: boolean): void
}

/** What is published to the reader, whole: nothing has to be opened to be read, but reading is said by a press. */
export function NoticeInbox({ notices, ...rest }: Props) {
  const say = useSay()
  return (
    <ul class="notice-list" aria-label={say('notices.title')}>
      {notices.map((notice) => (
        <NoticeCard key={notice.noticeId} notice={notice} {...rest} />
      ))}
    </ul>
  )
}

function NoticeCard({ notice, dates, busy, onRead }: Omit<Props, 'notices'> & { notice: NoticeRow }) {
  const say = useSay()
  const localText = useLocalText()
  const { title, body } = noticeText(say, localText, notice.subject)
  const open = notice.readAt === null || (notice.mustAcknowledge && notice.acknowledgedAt === null)
  const label = notice.mustAcknowledge ? say('notices.acknowledge') : say('notices.read')
  return (
    <li class={open ? 'notice-card notice-card-unread' : 'notice-card'}>
      <div class="notice-head">
        <strong>{title}</strong>
        <NoticeState say={say} notice={notice} />
        <span class="todo-soft figures">
          {notice.byName === '' ? say('todos.by.centre') : notice.byName} {dates.dayAndClock(notice.publishedFrom)}
        </span>
      </div>
      <p class="notice-body">{body}</p>
      {open && (
        <div class="todo-deeds">
          <PushButton
            label={label}
            spokenLabel={say('todos.action.of', { what: label, title })}
            disabled={busy}
            onPress={() => onRead(notice, notice.mustAcknowledge)}
          />
        </div>
      )}
    </li>
  )
}

function NoticeState({ say, notice }: { say: Say; notice: NoticeRow }) {
  if (notice.mustAcknowledge && notice.acknowledgedAt === null) {
    return <StatusTag tone="notice" icon="warning" label={say('notices.state.toAcknowledge')} />
  }
  return notice.readAt === null ? <StatusTag tone="info" icon="waiting" label={say('notices.state.unread')} /> : null
}
