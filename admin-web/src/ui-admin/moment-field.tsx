import { FieldFrame, type FieldProps } from './field-frame.tsx'

/** A day and a time of its clock, `2026-11-22T14:05`, by the browser's own control; empty for none. */
export function MomentField(props: FieldProps<string>) {
  return (
    <FieldFrame label={props.label} hint={props.hint} problem={props.problem}>
      {({ id, describedBy }) => (
        <input
          class="ui-native-input"
          id={id}
          type="datetime-local"
          value={props.value}
          aria-describedby={describedBy}
          aria-invalid={props.problem !== undefined}
          onChange={(event) => props.onChange(event.currentTarget.value)}
        />
      )}
    </FieldFrame>
  )
}
