import { FieldFrame, type FieldProps } from './field-frame.tsx'

interface Props extends FieldProps<string> {
  max?: string
}

/** A day, `2026-11-22`, by the browser's own control: typed, picked, or spoken in the reader's own order. */
export function DayField(props: Props) {
  return (
    <FieldFrame label={props.label} hint={props.hint} problem={props.problem}>
      {({ id, describedBy }) => (
        <input
          class="ui-native-input"
          id={id}
          type="date"
          value={props.value}
          {...(props.max === undefined ? {} : { max: props.max })}
          aria-describedby={describedBy}
          aria-invalid={props.problem !== undefined}
          onChange={(event) => props.onChange(event.currentTarget.value)}
        />
      )}
    </FieldFrame>
  )
}
