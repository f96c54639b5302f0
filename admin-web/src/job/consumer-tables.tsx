import type { ConsumerRow, DeadDelivery } from '@yizhan/contracts/module-event'
import { useSay } from '../catalogue/admin-text.tsx'
import { type DataColumn, DataTable } from '../ui-admin/data-table.tsx'
import { PushButton } from '../ui-admin/push-button.tsx'
import { StatusTag } from '../ui-admin/status-tag.tsx'
import type { AdminDates } from '../working-time/admin-dates.ts'
import { consumerText } from './job-words.ts'

interface ConsumerProps {
  consumers: readonly ConsumerRow[]
  dates: AdminDates
  mayManage: boolean
  onReplay(consumer: ConsumerRow): void
}

/** Who hears the events between modules, and how far behind each is. */
export function ConsumerTable({ consumers, dates, mayManage, onReplay }: ConsumerProps) {
  const say = useSay()
  const columns: DataColumn<ConsumerRow>[] = [
    {
      key: 'consumer',
      title: say('events.column.consumer'),
      show: ({ consumer, hears }) => (
        <div class="todo-what">
          <b>{consumerText(say, consumer)}</b>
          <code class="todo-soft">{hears.join(', ')}</code>
        </div>
      ),
    },
    {
      key: 'waiting',
      title: say('jobs.column.waiting'),
      widthPx: 200,
      show: ({ waiting, oldestAt }) => (
        <span class={waiting === 0 ? 'figures todo-soft' : 'figures'}>
          {waiting}
          {oldestAt !== null && ` · ${say('events.since', { at: dates.dayAndClock(oldestAt) })}`}
        </span>
      ),
    },
    {
      key: 'dead',
      title: say('jobs.column.dead'),
      widthPx: 110,
      show: ({ dead }) =>
        dead === 0 ? (
          <span class="figures todo-soft">0</span>
        ) : (
          <StatusTag tone="bad" icon="bad" label={say('jobs.dead.some', { n: dead })} />
        ),
    },
    {
      key: 'last',
      title: say('events.column.last'),
      widthPx: 150,
      show: ({ lastDeliveredAt }) => (
        <span class="figures">{lastDeliveredAt === null ? '–' : dates.dayAndClock(lastDeliveredAt)}</span>
      ),
    },
    {
      key: 'actions',
      title: say('todos.column.actions'),
      widthPx: 130,
      show: (consumer) =>
        mayManage && (
          <PushButton
            label={say('events.replay')}
            spokenLabel={say('todos.action.of', {
              what: say('events.replay'),
              title: consumerText(say, consumer.consumer),
            })}
            onPress={() => onReplay(consumer)}
          />
        ),
    },
  ]
  return (
    <DataTable<ConsumerRow>
      label={say('events.title')}
      rows={consumers}
      rowKey={({ consumer }) => consumer}
      totalText={(n) => say('app.total', { n })}
      empty={null}
      columns={columns}
    />
  )
}

interface DeadProps {
  dead: readonly DeadDelivery[]
  dates: AdminDates
  mayManage: boolean
  busy: boolean
  onRetry(delivery: DeadDelivery): void
}

/** The events that a consumer failed at until it was set aside. */
export function DeadDeliveryTable({ dead, dates, mayManage, busy, onRetry }: DeadProps) {
  const say = useSay()
  const columns: DataColumn<DeadDelivery>[] = [
    { key: 'consumer', title: say('events.column.consumer'), show: ({ consumer }) => consumerText(say, consumer) },
    { key: 'event', title: say('events.column.event'), show: ({ name }) => <code>{name}</code> },
    { key: 'reason', title: say('jobs.column.reason'), show: ({ reason }) => <code>{reason}</code> },
    { key: 'tries', title: say('jobs.column.tries'), widthPx: 90, align: 'end', show: ({ attempts }) => attempts },
    {
      key: 'at',
      title: say('events.column.at'),
      widthPx: 150,
      show: ({ occurredAt }) => <span class="figures">{dates.dayAndClock(occurredAt)}</span>,
    },
    {
      key: 'actions',
      title: say('todos.column.actions'),
      widthPx: 110,
      show: (delivery) =>
        mayManage && (
          <PushButton
            label={say('jobs.retry')}
            spokenLabel={say('todos.action.of', { what: say('jobs.retry'), title: delivery.name })}
            disabled={busy}
            onPress={() => onRetry(delivery)}
          />
        ),
    },
  ]
  return (
    <DataTable<DeadDelivery>
      label={say('events.dead')}
      rows={dead}
      rowKey={({ consumer, eventId }) => `${consumer} ${eventId}`}
      totalText={(n) => say('app.total', { n })}
      empty={<p class="todo-soft">{say('events.dead.none')}</p>}
      columns={columns}
    />
  )
}
