import type { ComponentChildren, VNode } from 'preact'
import { type IconName, LucideIcon } from './lucide-icon.tsx'

/** One sentence about what this machine cannot do at the moment, on the warning ground. */
export function StationBanner({ icon, children }: { icon: IconName; children: ComponentChildren }): VNode {
  return (
    <p class="banner">
      <LucideIcon name={icon} />
      <span>{children}</span>
    </p>
  )
}
