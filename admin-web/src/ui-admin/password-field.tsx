import { useState } from 'preact/hooks'
import { FieldFrame, type FieldProps } from './field-frame.tsx'

interface Props extends FieldProps<string> {
  autoComplete: 'current-password' | 'new-password'
  showLabel: string
  hideLabel: string
  autoFocus?: boolean
}

/** A password with a button that shows it: 30 hidden characters cannot be typed right. */
export function PasswordField(props: Props) {
  const [shown, setShown] = useState(false)
  return (
    <FieldFrame label={props.label} hint={props.hint} problem={props.problem} autoFocus={props.autoFocus}>
      {({ id, describedBy }) => (
        <div class="ui-password">
          <input
            class="ui-native-input"
            id={id}
            {...(shown ? { type: 'text' as const } : { type: 'password' as const })}
            value={props.value}
            autoComplete={props.autoComplete}
            autoCapitalize="none"
            spellcheck={false}
            maxLength={256}
            aria-describedby={describedBy}
            aria-invalid={props.problem !== undefined}
            onInput={(event) => props.onChange(event.currentTarget.value)}
          />
          <button type="button" class="ui-reveal" aria-controls={id} onClick={() => setShown(!shown)}>
            {shown ? props.hideLabel : props.showLabel}
          </button>
        </div>
      )}
    </FieldFrame>
  )
}
