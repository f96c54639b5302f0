import { Input } from 'antd'
import { FieldFrame, type FieldProps } from './field-frame.tsx'

interface Props extends FieldProps<string> {
  kind?: 'text' | 'email' | 'tel'
  autoComplete?: string
  maxLength?: number
  autoFocus?: boolean
}

/** One line of text. */
export function TextField(props: Props) {
  return (
    <FieldFrame label={props.label} hint={props.hint} problem={props.problem} autoFocus={props.autoFocus}>
      {({ id, describedBy }) => (
        <Input
          id={id}
          type={props.kind ?? 'text'}
          value={props.value}
          autoComplete={props.autoComplete ?? 'off'}
          maxLength={props.maxLength ?? 120}
          aria-describedby={describedBy}
          aria-invalid={props.problem !== undefined}
          {...(props.problem === undefined ? {} : { status: 'error' as const })}
          onChange={(event) => props.onChange(event.currentTarget.value)}
        />
      )}
    </FieldFrame>
  )
}
