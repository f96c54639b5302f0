import {
  ArrowLeft,
  Check,
  CircleAlert,
  CircleCheck,
  CircleQuestionMark,
  Clock,
  Delete,
  type IconNode,
  Languages,
  MapPin,
  Printer,
  RotateCcw,
  TriangleAlert,
  WifiOff,
  Zap,
  ZoomIn,
} from 'lucide'
import { h, type VNode } from 'preact'

const icons = {
  back: ArrowLeft,
  check: Check,
  alert: CircleAlert,
  done: CircleCheck,
  help: CircleQuestionMark,
  clock: Clock,
  erase: Delete,
  language: Languages,
  place: MapPin,
  printer: Printer,
  restart: RotateCcw,
  warning: TriangleAlert,
  offline: WifiOff,
  power: Zap,
  display: ZoomIn,
} as const satisfies Record<string, IconNode>

/** The icons of the touch kit, by what they mean here. */
export type IconName = keyof typeof icons

/** A Lucide icon beside a word; it says nothing of its own to a screen reader. */
export function LucideIcon({ name }: { name: IconName }): VNode {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      {icons[name].map(([tag, attributes]) => h(tag, attributes))}
    </svg>
  )
}
