import { Button } from 'antd'
import { Icon, type IconName } from './icon.tsx'

interface Props {
  label: string
  /** What a screen reader says instead, where the label alone does not name the thing. */
  spokenLabel?: string
  kind?: 'primary' | 'plain' | 'quiet' | 'danger' | 'quiet-danger'
  icon?: IconName
  /** True while the work runs; the form itself sees to it that nothing is sent twice. */
  busy?: boolean
  disabled?: boolean
  /** Sends the form that it stands in. */
  submits?: boolean
  wide?: boolean
  onPress?: () => void
}

/** A button: one word or phrase that says what it does. */
export function PushButton(props: Props) {
  const { kind = 'plain', icon, spokenLabel } = props
  return (
    <Button
      type={kind === 'primary' ? 'primary' : kind.startsWith('quiet') ? 'text' : 'default'}
      danger={kind.endsWith('danger')}
      htmlType={props.submits ? 'submit' : 'button'}
      aria-busy={props.busy ?? false}
      disabled={props.disabled ?? false}
      block={props.wide ?? false}
      {...(spokenLabel === undefined ? {} : { 'aria-label': spokenLabel, title: spokenLabel })}
      {...(icon === undefined ? {} : { icon: <Icon name={icon} /> })}
      onClick={() => props.onPress?.()}
    >
      {props.label}
    </Button>
  )
}
