import type { LocalText } from '@yizhan/contracts/local-text'
import type { NamedAssignee, TodoPriority, TodoRow } from '@yizhan/contracts/todo'
import type { Say } from '../catalogue/admin-text.tsx'
import type { AdminMessageKey } from '../catalogue/admin-zh-cn.ts'
import type { IconName } from '../ui-admin/icon.tsx'
import type { StatusTone } from '../ui-admin/status-tag.tsx'
import type { AdminDates } from '../working-time/admin-dates.ts'

/** What a to-do is called, and the words below it. */
export function todoText(
  say: Say,
  locale: string,
  { subject }: Pick<TodoRow, 'subject'>,
): { title: string; body: string } {
  if (subject.kind === 'written') return { title: subject.title, body: subject.body }
  const kinds = subject.conflicts.map((kind) => say(`todos.conflict.${kind}`))
  const list = new Intl.ListFormat(locale, { type: 'conjunction' }).format(kinds)
  return { title: say('todos.conflict.title'), body: say('todos.conflict.body', { kinds: list }) }
}

/** Who has a to-do: a person, everybody of a role, or of a department. */
export function assigneeText(say: Say, localText: (text: LocalText) => string, to: NamedAssignee): string {
  if (to.kind === 'person') return to.name
  return to.kind === 'role' ? say(`role.${to.role}`) : localText(to.name)
}

/** How pressing a to-do is, as a tag; none for an ordinary one. */
export function priorityTag(priority: TodoPriority): { tone: StatusTone; icon: IconName; key: AdminMessageKey } | null {
  if (priority === 'urgent') return { tone: 'bad', icon: 'warning', key: 'todos.priority.urgent' }
  return priority === 'low' ? { tone: 'quiet', icon: 'waiting', key: 'todos.priority.low' } : null
}

/** The page of what a to-do is about; null when it is about nothing that has one. */
export function objectAddress({ object }: Pick<TodoRow, 'object'>): string | null {
  if (object === null) return null
  return object.kind === 'booking' ? '/admin/' : '/admin/stations'
}

/** The words for what the centre refused. */
export function todoRefusal(refusal: string): AdminMessageKey {
  if (refusal === 'todo-changed') return 'todos.refused.changed'
  if (refusal === 'todo-unknown') return 'todos.refused.unknown'
  return refusal === 'assignee-unknown' ? 'todos.refused.assignee' : 'fault.forbidden'
}

/** The moment that a field of day and time shows; null when it is empty. */
export function momentOfField(dates: AdminDates, text: string): number | null {
  const [day = '', time = ''] = text.split('T')
  return day === '' || time === '' ? null : dates.instantOf(day, time.slice(0, 5))
}
