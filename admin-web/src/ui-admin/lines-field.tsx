import { FieldFrame, type FieldProps } from './field-frame.tsx'

interface Props extends FieldProps<string> {
  maxLength?: number
}

/** Some lines of text. */
export function LinesField(props: Props) {
  return (
    <FieldFrame label={props.label} hint={props.hint} problem={props.problem}>
      {({ id, describedBy }) => (
        <textarea
          class="ui-native-input ui-lines"
          id={id}
          rows={3}
          value={props.value}
          maxLength={props.maxLength ?? 2000}
          aria-describedby={describedBy}
          aria-invalid={props.problem !== undefined}
          onInput={(event) => props.onChange(event.currentTarget.value)}
        />
      )}
    </FieldFrame>
  )
}
