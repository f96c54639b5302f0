import { Icon, type IconName } from './icon.tsx'

/** What a state means for whoever reads it; each tone is dark text on a pale tint of its own. */
export type StatusTone = 'good' | 'notice' | 'bad' | 'quiet' | 'info'

/** A state: picture, word and tint, so that none of them carries it alone. */
export function StatusTag({ tone, icon, label }: { tone: StatusTone; icon: IconName; label: string }) {
  return (
    <span class={`ui-tag ui-tag-${tone}`}>
      <Icon name={icon} />
      {label}
    </span>
  )
}
