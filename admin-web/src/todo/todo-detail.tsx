import { useQuery } from '@tanstack/preact-query'
import type { TodoAssignee, TodoEntry, TodoRow } from '@yizhan/contracts/todo'
import { useState } from 'preact/hooks'
import { useLocale, useLocalText, useSay } from '../catalogue/admin-text.tsx'
import { useServices } from '../shell/admin-services.ts'
import { PushButton } from '../ui-admin/push-button.tsx'
import { SkeletonRows } from '../ui-admin/skeleton-rows.tsx'
import { TextArea } from '../ui-admin/text-area.tsx'
import type { AdminDates } from '../working-time/admin-dates.ts'
import { AddresseeField } from './addressee-field.tsx'
import { assigneeText, objectAddress, todoText } from './todo-words.ts'

interface Props {
  todo: TodoRow
  dates: AdminDates
  busy: boolean
  onForward(to: TodoAssignee, note: string): void
  onClose(outcome: 'done' | 'cancelled', note: string): void
}

/** One to-do: what it says, where it leads, whom to hand it to, and every hand that it went through. */
export function TodoDetail({ todo, dates, busy, onForward, onClose }: Props) {
  const say = useSay()
  const locale = useLocale()
  const [to, setTo] = useState<TodoAssignee | null>(null)
  const [note, setNote] = useState('')
  const address = objectAddress(todo)
  const { body } = todoText(say, locale, todo)
  return (
    <div class="ui-form">
      {body !== '' && <p class="notice-body">{body}</p>}
      {address !== null && <a href={address}>{say(`todos.object.${todo.object?.kind ?? 'booking'}`)}</a>}
      {todo.state === 'open' && (
        <>
          <TextArea label={say('todos.note')} value={note} rows={2} maxLength={500} onChange={setNote} />
          <div class="todo-deeds">
            <PushButton
              kind="primary"
              label={say('todos.done')}
              disabled={busy}
              onPress={() => onClose('done', note.trim())}
            />
            <PushButton
              kind="quiet-danger"
              label={say('todos.cancel')}
              disabled={busy}
              onPress={() => onClose('cancelled', note.trim())}
            />
          </div>
          <AddresseeField label={say('todos.forward.to')} value={to} onChange={setTo} />
          <PushButton
            label={say('todos.forward')}
            disabled={busy || to === null}
            onPress={() => {
              if (to !== null) onForward(to, note.trim())
            }}
          />
        </>
      )}
      <TodoHistory todo={todo} dates={dates} />
    </div>
  )
}

function TodoHistory({ todo, dates }: { todo: TodoRow; dates: AdminDates }) {
  const say = useSay()
  const { client } = useServices()
  const { todoId, version } = todo
  const history = useQuery({
    queryKey: ['todos', 'history', todoId, version],
    queryFn: () => client.todo.history({ todoId }),
  })
  return (
    <section aria-label={say('todos.history')}>
      <h2>{say('todos.history')}</h2>
      {history.data === undefined && <SkeletonRows rows={2} label={say('app.loading')} />}
      <ol class="todo-history">
        {(history.data?.entries ?? []).map((entry) => (
          <HistoryLine key={entry.entryId} entry={entry} dates={dates} />
        ))}
      </ol>
    </section>
  )
}

function HistoryLine({ entry, dates }: { entry: TodoEntry; dates: AdminDates }) {
  const say = useSay()
  const localText = useLocalText()
  const by = entry.byName === '' ? say('todos.by.centre') : entry.byName
  const to = entry.to === null ? '' : assigneeText(say, localText, entry.to)
  return (
    <li>
      <span class="figures todo-soft">{dates.dayAndClock(entry.at)}</span>{' '}
      {say(`todos.entry.${entry.what}`, { by, to })}
      {entry.note !== '' && <p class="todo-soft">{entry.note}</p>}
    </li>
  )
}
