import type { TodoAssignee, TodoPriority } from '@yizhan/contracts/todo'
import { useState } from 'preact/hooks'
import { useSay } from '../catalogue/admin-text.tsx'
import { ChoiceField } from '../ui-admin/choice-field.tsx'
import { MomentField } from '../ui-admin/moment-field.tsx'
import { PushButton } from '../ui-admin/push-button.tsx'
import { TextArea } from '../ui-admin/text-area.tsx'
import { TextField } from '../ui-admin/text-field.tsx'
import { AddresseeField } from './addressee-field.tsx'

/** What somebody has filled in about a new to-do. */
export interface TodoDraft {
  title: string
  body: string
  assignee: TodoAssignee
  priority: TodoPriority
  /** `2026-11-22T14:05`, or empty. */
  due: string
}

const priorities = ['urgent', 'normal', 'low'] as const satisfies readonly TodoPriority[]

/** Asks what is to be done, by whom and until when. */
export function TodoForm({ busy, onSave }: { busy: boolean; onSave(draft: TodoDraft): void }) {
  const say = useSay()
  const [draft, setDraft] = useState<Omit<TodoDraft, 'assignee'>>({ title: '', body: '', priority: 'normal', due: '' })
  const [assignee, setAssignee] = useState<TodoAssignee | null>(null)
  const set = (part: Partial<typeof draft>) => setDraft({ ...draft, ...part })
  const complete = draft.title.trim() !== '' && assignee !== null
  return (
    <form
      class="ui-form"
      onSubmit={(event) => {
        event.preventDefault()
        if (assignee !== null && complete && !busy) onSave({ ...draft, title: draft.title.trim(), assignee })
      }}
    >
      <TextField
        label={say('todos.form.title')}
        value={draft.title}
        maxLength={80}
        autoFocus={true}
        onChange={(title) => set({ title })}
      />
      <AddresseeField label={say('todos.form.to')} value={assignee} onChange={setAssignee} />
      <ChoiceField<TodoPriority>
        label={say('todos.form.priority')}
        value={draft.priority}
        choices={priorities.map((value) => ({ value, label: say(`todos.priority.${value}`) }))}
        onChange={(priority) => set({ priority: priority ?? 'normal' })}
      />
      <MomentField label={say('todos.form.due')} value={draft.due} onChange={(due) => set({ due })} />
      <TextArea
        label={say('todos.form.body')}
        hint={say('todos.form.body.hint')}
        value={draft.body}
        maxLength={2000}
        onChange={(body) => set({ body })}
      />
      <PushButton
        kind="primary"
        submits={true}
        wide={true}
        busy={busy}
        disabled={!complete}
        label={say('todos.form.save')}
      />
    </form>
  )
}
