import type { DeadJob, JobQueue } from '@yizhan/contracts/job'
import { type Say, useSay } from '../catalogue/admin-text.tsx'
import { type DataColumn, DataTable } from '../ui-admin/data-table.tsx'
import { PushButton } from '../ui-admin/push-button.tsx'
import { StatusTag } from '../ui-admin/status-tag.tsx'
import type { AdminDates } from '../working-time/admin-dates.ts'
import { kindText, tookText } from './job-words.ts'

interface QueueProps {
  queues: readonly JobQueue[]
  dates: AdminDates
  mayManage: boolean
  busy: boolean
  onRunNow(queue: JobQueue): void
  onRetryAll(queue: JobQueue): void
}

/** Every kind of background job: what it is doing, when it last ended well and when it comes round again. */
export function QueueTable({ queues, dates, ...deeds }: QueueProps) {
  const say = useSay()
  const actions: DataColumn<JobQueue> = {
    key: 'actions',
    title: say('todos.column.actions'),
    show: (queue) => <QueueActions queue={queue} {...deeds} />,
  }
  return (
    <DataTable<JobQueue>
      label={say('jobs.queues')}
      rows={queues}
      rowKey={({ kind }) => kind}
      totalText={(n) => say('app.total', { n })}
      empty={null}
      columns={[...queueColumns(say, dates), ...(deeds.mayManage ? [actions] : [])]}
    />
  )
}

function queueColumns(say: Say, dates: AdminDates): DataColumn<JobQueue>[] {
  const count = (key: 'waiting' | 'running' | 'retrying'): DataColumn<JobQueue> => ({
    key,
    title: say(`jobs.column.${key}`),
    widthPx: 90,
    align: 'end',
    sortBy: (queue) => queue[key],
    show: (queue) => <span class={queue[key] === 0 ? 'figures todo-soft' : 'figures'}>{queue[key]}</span>,
  })
  return [
    {
      key: 'kind',
      title: say('jobs.column.kind'),
      sortBy: ({ kind }) => kindText(say, kind),
      show: (queue) => <QueueName queue={queue} />,
    },
    count('running'),
    count('waiting'),
    count('retrying'),
    {
      key: 'dead',
      title: say('jobs.column.dead'),
      widthPx: 110,
      sortBy: ({ dead }) => dead,
      show: ({ dead }) =>
        dead === 0 ? (
          <span class="figures todo-soft">0</span>
        ) : (
          <StatusTag tone="bad" icon="bad" label={say('jobs.dead.some', { n: dead })} />
        ),
    },
    {
      key: 'last',
      title: say('jobs.column.last'),
      widthPx: 160,
      sortBy: ({ lastDoneAt }) => lastDoneAt ?? 0,
      show: ({ lastDoneAt, lastTookMs }) =>
        lastDoneAt === null ? (
          <span class="todo-soft">{say('jobs.last.none')}</span>
        ) : (
          <>
            <span class="figures">{dates.dayAndClock(lastDoneAt)}</span>{' '}
            {lastTookMs !== null && <span class="figures todo-soft">· {tookText(say, lastTookMs)}</span>}
          </>
        ),
    },
    {
      key: 'next',
      title: say('jobs.column.next'),
      widthPx: 150,
      sortBy: ({ nextAt }) => nextAt ?? Number.MAX_SAFE_INTEGER,
      show: ({ nextAt }) => <span class="figures">{nextAt === null ? '–' : dates.dayAndClock(nextAt)}</span>,
    },
  ]
}

function QueueName({ queue }: { queue: JobQueue }) {
  const say = useSay()
  return (
    <div class="todo-what">
      <b>{kindText(say, queue.kind)}</b>
      <code class="todo-soft">{queue.cron === null ? queue.kind : `${queue.kind} · ${queue.cron}`}</code>
    </div>
  )
}

function QueueActions({
  queue,
  busy,
  onRunNow,
  onRetryAll,
}: Omit<QueueProps, 'queues' | 'dates' | 'mayManage'> & { queue: JobQueue }) {
  const say = useSay()
  const title = kindText(say, queue.kind)
  return (
    <span class="slip-actions">
      <PushButton
        label={say('jobs.runNow')}
        spokenLabel={say('todos.action.of', { what: say('jobs.runNow'), title })}
        disabled={busy}
        onPress={() => onRunNow(queue)}
      />
      {queue.dead > 0 && (
        <PushButton
          label={say('jobs.retryAll')}
          spokenLabel={say('todos.action.of', { what: say('jobs.retryAll'), title })}
          disabled={busy}
          onPress={() => onRetryAll(queue)}
        />
      )}
    </span>
  )
}

interface DeadProps {
  dead: readonly DeadJob[]
  dates: AdminDates
  mayManage: boolean
  busy: boolean
  onRetry(job: DeadJob): void
}

/** The jobs that were given up, each with what kind of fault it was. */
export function DeadJobTable({ dead, dates, mayManage, busy, onRetry }: DeadProps) {
  const say = useSay()
  const columns: DataColumn<DeadJob>[] = [
    { key: 'kind', title: say('jobs.column.kind'), show: ({ kind }) => kindText(say, kind) },
    { key: 'reason', title: say('jobs.column.reason'), show: ({ reason }) => <code>{reason}</code> },
    { key: 'tries', title: say('jobs.column.tries'), widthPx: 90, align: 'end', show: ({ attempts }) => attempts },
    {
      key: 'at',
      title: say('jobs.column.failedAt'),
      widthPx: 150,
      sortBy: ({ failedAt }) => failedAt,
      show: ({ failedAt }) => <span class="figures">{dates.dayAndClock(failedAt)}</span>,
    },
    {
      key: 'actions',
      title: say('todos.column.actions'),
      widthPx: 110,
      show: (job) =>
        mayManage && (
          <PushButton
            label={say('jobs.retry')}
            spokenLabel={say('todos.action.of', { what: say('jobs.retry'), title: kindText(say, job.kind) })}
            disabled={busy}
            onPress={() => onRetry(job)}
          />
        ),
    },
  ]
  return (
    <DataTable<DeadJob>
      label={say('jobs.dead')}
      rows={dead}
      rowKey={({ jobId }) => jobId}
      totalText={(n) => say('app.total', { n })}
      empty={<p class="todo-soft">{say('jobs.dead.none')}</p>}
      columns={columns}
    />
  )
}
