import type { ComponentChildren } from 'preact'
import { Icon, type IconName } from './icon.tsx'
import type { StatusTone } from './status-tag.tsx'

const icons: Record<StatusTone, IconName> = {
  good: 'ok',
  notice: 'warning',
  bad: 'bad',
  quiet: 'unknown',
  info: 'unknown',
}

interface Props {
  tone: StatusTone
  children: ComponentChildren
  action?: ComponentChildren
}

/** Says in place what happened and what to do; read aloud at once when it is bad. */
export function Notice({ tone, children, action }: Props) {
  return (
    <div class={`ui-notice ui-tag-${tone}`} role={tone === 'bad' ? 'alert' : 'status'}>
      <Icon name={icons[tone]} />
      <div class="ui-notice-text">{children}</div>
      {action}
    </div>
  )
}
