import type { ComponentChildren, VNode } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { fitText } from './fit-text.ts'
import { type HardwareKeys, useHardwareKeys } from './hardware-keys.ts'
import { type IconName, LucideIcon } from './lucide-icon.tsx'

export interface ScreenPanesProps {
  /** The question or the news, as the page's heading; takes the focus when the screen appears. */
  title: string
  /** Where in the way the patient is, 「第 1 步，共 3 步」. */
  progress?: string
  icon?: IconName | undefined
  /** In the icon's place: what to do with the hands. */
  picture?: VNode | undefined
  tone?: 'calm' | 'success' | 'warning'
  children?: ComponentChildren
  /** What can be touched: at the end in landscape, at the bottom in portrait. */
  controls?: ComponentChildren
  keys?: HardwareKeys
  /** Read out at once because something went wrong. */
  alarm?: boolean
}

/** One screen: one heading with what belongs to it, and the controls. */
export function ScreenPanes(props: ScreenPanesProps): VNode {
  const heading = useRef<HTMLHeadingElement>(null)
  const screen = useRef<HTMLElement>(null)
  useLayoutEffect(() => heading.current?.focus(), [])
  const fitted = useRef('')
  useLayoutEffect(() => {
    if (!screen.current) return
    const look = lookOf(screen.current)
    if (look !== fitted.current) fitText(screen.current)
    fitted.current = look
  })
  useHardwareKeys(props.keys ?? {})
  return (
    <main ref={screen} class={`screen tone-${props.tone ?? 'calm'}`}>
      <div class="screen-info" role={props.alarm ? 'alert' : undefined}>
        {props.picture ? <div class="screen-picture">{props.picture}</div> : null}
        {props.icon ? (
          <span class="screen-sign">
            <LucideIcon name={props.icon} />
          </span>
        ) : null}
        {props.progress ? <p class="progress">{props.progress}</p> : null}
        <h1 ref={heading} tabIndex={-1}>
          {props.title}
        </h1>
        {props.children}
      </div>
      {props.controls ? <div class="screen-controls">{props.controls}</div> : null}
    </main>
  )
}

/** Everything that a fit depends on: measuring costs a layout, and the page draws itself anew each second for its clock. */
export function lookOf(screen: HTMLElement): string {
  const { large, contrast, low } = screen.closest<HTMLElement>('.kiosk')?.dataset ?? {}
  return [screen.textContent, large, contrast, low, window.innerWidth, window.innerHeight].join()
}
