import type { ComponentChildren } from 'preact'
import { useEffect, useId } from 'preact/hooks'

/** What every field of a form takes. */
export interface FieldProps<Value> {
  label: string
  value: Value
  onChange(value: Value): void
  hint?: string | undefined
  /** What is wrong with the value, in words; shown at the field and read with it. */
  problem?: string | undefined
}

/** The ids by which a control is tied to its words. */
export interface FieldIds {
  id: string
  describedBy: string | undefined
}

interface Props {
  label: string
  hint?: string | undefined
  problem?: string | undefined
  /** Puts the caret in when the field appears; the attribute of that name works only on a page's first load. */
  autoFocus?: boolean | undefined
  children(ids: FieldIds): ComponentChildren
}

/** Label above, hint and problem below, all tied to the control. */
export function FieldFrame({ label, hint, problem, autoFocus, children }: Props) {
  const id = useId()
  useEffect(() => {
    if (autoFocus) document.getElementById(id)?.focus()
  }, [id, autoFocus])
  const notes = [hint === undefined ? '' : `${id}-hint`, problem === undefined ? '' : `${id}-problem`].filter(Boolean)
  return (
    <div class="ui-field">
      <label class="ui-field-label" for={id}>
        {label}
      </label>
      {children({ id, describedBy: notes.length === 0 ? undefined : notes.join(' ') })}
      {problem !== undefined && (
        <div class="ui-field-problem" id={`${id}-problem`}>
          {problem}
        </div>
      )}
      {hint !== undefined && (
        <div class="ui-field-hint" id={`${id}-hint`}>
          {hint}
        </div>
      )}
    </div>
  )
}
