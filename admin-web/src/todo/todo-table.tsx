import type { TodoRow } from '@yizhan/contracts/todo'
import type { ComponentChildren } from 'preact'
import { type Say, useLocale, useLocalText, useSay } from '../catalogue/admin-text.tsx'
import { type DataColumn, DataTable } from '../ui-admin/data-table.tsx'
import { PushButton } from '../ui-admin/push-button.tsx'
import { StatusTag } from '../ui-admin/status-tag.tsx'
import type { AdminDates } from '../working-time/admin-dates.ts'
import { assigneeText, priorityTag, todoText } from './todo-words.ts'

interface Props {
  todos: readonly TodoRow[]
  dates: AdminDates
  now: number
  busy: boolean
  empty: ComponentChildren
  onOpen(todo: TodoRow): void
  onDone(todo: TodoRow): void
}

/** To-dos, one line each: what is pressing and due first, with the most usual deed at hand. */
export function TodoTable({ todos, dates, now, busy, empty, onOpen, onDone }: Props) {
  const say = useSay()
  const locale = useLocale()
  const localText = useLocalText()
  const columns: DataColumn<TodoRow>[] = [
    {
      key: 'what',
      title: say('todos.column.what'),
      show: (todo) => <TodoWhat todo={todo} onOpen={onOpen} />,
      sortBy: (todo) => todoText(say, locale, todo).title,
    },
    {
      key: 'due',
      title: say('todos.column.due'),
      widthPx: 200,
      sortBy: (todo) => todo.dueAt ?? Number.MAX_SAFE_INTEGER,
      show: (todo) => dueText(say, dates, now, todo),
    },
    {
      key: 'assignee',
      title: say('todos.column.to'),
      widthPx: 140,
      sortBy: (todo) => assigneeText(say, localText, todo.assignee),
      show: (todo) => assigneeText(say, localText, todo.assignee),
    },
    {
      key: 'from',
      title: say('todos.column.from'),
      widthPx: 200,
      sortBy: (todo) => todo.madeAt,
      show: ({ madeByName, madeAt }) => (
        <>
          {madeByName === '' ? say('todos.by.centre') : madeByName}{' '}
          <span class="figures todo-soft">{dates.dayAndClock(madeAt)}</span>
        </>
      ),
    },
    {
      key: 'actions',
      title: say('todos.column.actions'),
      widthPx: 150,
      show: (todo) => <TodoActions todo={todo} busy={busy} onOpen={onOpen} onDone={onDone} />,
    },
  ]
  return (
    <DataTable<TodoRow>
      label={say('todos.title')}
      rows={todos}
      rowKey={({ todoId }) => todoId}
      isQuiet={({ state }) => state !== 'open'}
      totalText={(n) => say('app.total', { n })}
      empty={empty}
      columns={columns}
    />
  )
}

function TodoWhat({ todo, onOpen }: { todo: TodoRow } & Pick<Props, 'onOpen'>) {
  const say = useSay()
  const locale = useLocale()
  const { title, body } = todoText(say, locale, todo)
  const tag = priorityTag(todo.priority)
  return (
    <div class="todo-what">
      <span class="tags">
        <button type="button" class="todo-title" onClick={() => onOpen(todo)}>
          {title}
        </button>
        {tag !== null && <StatusTag tone={tag.tone} icon={tag.icon} label={say(tag.key)} />}
        {todo.state !== 'open' && (
          <StatusTag
            tone={todo.state === 'done' ? 'good' : 'quiet'}
            icon={todo.state === 'done' ? 'ok' : 'off'}
            label={say(`todos.state.${todo.state}`)}
          />
        )}
      </span>
      <span class="todo-soft">{body}</span>
    </div>
  )
}

function dueText(say: Say, dates: AdminDates, now: number, { dueAt, state }: TodoRow): ComponentChildren {
  if (dueAt === null) return <span class="todo-soft">{say('todos.due.none')}</span>
  const late = state === 'open' && dueAt < now
  return (
    <span class={late ? 'figures todo-late' : 'figures'}>
      {dates.dayAndClock(dueAt)}
      {late && ` · ${say('todos.due.late')}`}
    </span>
  )
}

function TodoActions({ todo, busy, onOpen, onDone }: { todo: TodoRow } & Pick<Props, 'busy' | 'onOpen' | 'onDone'>) {
  const say = useSay()
  const locale = useLocale()
  const { title } = todoText(say, locale, todo)
  const spoken = (what: string) => say('todos.action.of', { what, title })
  if (todo.state !== 'open') {
    return (
      <PushButton
        kind="quiet"
        label={say('todos.history')}
        spokenLabel={spoken(say('todos.history'))}
        onPress={() => onOpen(todo)}
      />
    )
  }
  return (
    <span class="slip-actions">
      <PushButton
        label={say('todos.done')}
        spokenLabel={spoken(say('todos.done'))}
        disabled={busy}
        onPress={() => onDone(todo)}
      />
      <PushButton
        kind="quiet"
        label={say('todos.more')}
        spokenLabel={spoken(say('todos.more'))}
        onPress={() => onOpen(todo)}
      />
    </span>
  )
}
