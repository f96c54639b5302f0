import { FieldFrame, type FieldProps } from './field-frame.tsx'

interface Props extends FieldProps<string> {
  /** `day` takes `2026-11-22`, `time` takes `14:05`. */
  kind: 'day' | 'time'
  max?: string
}

/** A day or a time of day by the browser's own control: typed, picked, or spoken in the reader's own order. */
export function MomentField(props: Props) {
  return (
    <FieldFrame label={props.label} hint={props.hint} problem={props.problem}>
      {({ id, describedBy }) => (
        <input
          class="ui-native-input"
          id={id}
          type={props.kind === 'day' ? 'date' : 'time'}
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
