import { Input } from 'antd'
import { FieldFrame, type FieldProps } from './field-frame.tsx'

interface Props extends FieldProps<string> {
  maxLength: number
  rows?: number
}

/** Some lines of text. */
export function TextArea(props: Props) {
  return (
    <FieldFrame label={props.label} hint={props.hint} problem={props.problem}>
      {({ id, describedBy }) => (
        <Input.TextArea
          id={id}
          value={props.value}
          rows={props.rows ?? 4}
          maxLength={props.maxLength}
          aria-describedby={describedBy}
          aria-invalid={props.problem !== undefined}
          onChange={(event) => props.onChange(event.currentTarget.value)}
        />
      )}
    </FieldFrame>
  )
}
