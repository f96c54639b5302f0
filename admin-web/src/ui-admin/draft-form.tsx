import { useState } from 'preact/hooks'
import { type Choice, ChoiceField } from './choice-field.tsx'
import { DayField } from './day-field.tsx'
import { LinesField } from './lines-field.tsx'
import { PushButton } from './push-button.tsx'
import { TextField } from './text-field.tsx'

/** One field of a form, by its name in the draft. */
export interface DraftField<Name extends string> {
  name: Name
  label: string
  kind: 'text' | 'tel' | 'day' | 'lines' | 'choice'
  hint?: string
  choices?: readonly Choice<string>[]
}

interface Props<Name extends string> {
  fields: readonly DraftField<Name>[]
  start: Readonly<Record<Name, string>>
  submitLabel: string
  busy: boolean
  /** Sends a draft; answers what is wrong with it instead, in words, by field. */
  onSubmit(draft: Readonly<Record<Name, string>>): Partial<Record<Name, string>>
}

/** A form that is a list of fields; each is text until it is sent. */
export function DraftForm<Name extends string>({ fields, start, submitLabel, busy, onSubmit }: Props<Name>) {
  const [draft, setDraft] = useState(start)
  const [problems, setProblems] = useState<Partial<Record<Name, string>>>({})
  return (
    <form
      class="drawer-form"
      noValidate={true}
      onSubmit={(event) => {
        event.preventDefault()
        if (!busy) setProblems(onSubmit(draft))
      }}
    >
      {fields.map((field) => (
        <DraftInput
          key={field.name}
          field={field}
          value={draft[field.name]}
          problem={problems[field.name]}
          onChange={(value) => setDraft({ ...draft, [field.name]: value })}
        />
      ))}
      <PushButton kind="primary" wide={true} submits={true} busy={busy} label={submitLabel} />
    </form>
  )
}

interface InputProps {
  field: DraftField<string>
  value: string
  problem: string | undefined
  onChange(value: string): void
}

function DraftInput({ field, value, problem, onChange }: InputProps) {
  const { label, hint, kind } = field
  const frame = { label, hint, problem, onChange, value }
  switch (kind) {
    case 'day':
      return <DayField {...frame} />
    case 'lines':
      return <LinesField {...frame} />
    case 'choice':
      return (
        <ChoiceField<string>
          {...frame}
          value={value === '' ? null : value}
          choices={field.choices ?? []}
          clearable={true}
          onChange={(chosen) => onChange(chosen ?? '')}
        />
      )
    case 'text':
    case 'tel':
      return <TextField {...frame} kind={kind} maxLength={300} />
  }
}
