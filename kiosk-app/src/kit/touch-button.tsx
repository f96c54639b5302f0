import type { ComponentChildren, TargetedMouseEvent, VNode } from 'preact'
import { type IconName, LucideIcon } from './lucide-icon.tsx'

/** Trembling hands and worn touch glass repeat a touch within a third of a second (public kiosk bug reports). */
const deafMs = 350

/** How loud a button speaks: one primary action a screen, the rest quiet; `key` is a number key,
 * `first-choice` looks like every other choice and is the one that Enter on a number keypad means. */
export type ButtonRank = 'primary' | 'quiet' | 'bar' | 'key' | 'choice' | 'first-choice'

export interface TouchButtonProps {
  rank: ButtonRank
  /** What the button does, in words; always visible unless `spoken` replaces it for screen readers. */
  children: ComponentChildren
  onPress(): void
  icon?: IconName
  spoken?: string
  /** Set on switches: whether it is on. */
  pressed?: boolean
  disabled?: boolean
  /** The language of the button's word when it is not the page's. */
  lang?: string
  area?: string
}

/** A button for fingers: at least 20 mm high (keys 15), deaf for a moment after each touch. */
export function TouchButton(props: TouchButtonProps): VNode {
  const { rank, children, onPress, icon, spoken, pressed, disabled = false, lang, area } = props
  const press = (event: TargetedMouseEvent<HTMLButtonElement>) => {
    turnDeaf(event.currentTarget)
    onPress()
  }
  return (
    <button
      type="button"
      class={`button button-${rank}`}
      data-area={area}
      data-primary={rank === 'primary' || rank === 'first-choice' || undefined}
      disabled={disabled}
      aria-label={spoken}
      aria-pressed={pressed}
      lang={lang}
      onMouseDown={keepFocus}
      onClick={press}
    >
      {icon ? <LucideIcon name={icon} /> : null}
      <span class="button-word">{children}</span>
    </button>
  )
}

/** Lets touches pass through the control for a moment, without a timer that could outlive it. */
function turnDeaf(button: HTMLButtonElement): void {
  button.animate([{ pointerEvents: 'none' }, { pointerEvents: 'none' }], deafMs)
}

/** A touched key must not take the focus: Enter on the number keypad would then repeat that key. */
function keepFocus(event: MouseEvent): void {
  event.preventDefault()
}
