import type { ComponentChildren, VNode } from 'preact'
import { useState } from 'preact/hooks'
import type { Words } from '../catalogue/words.ts'
import type { DisplaySettings } from './display-settings.ts'
import { DisplayDialog, HelpDialog } from './frame-dialogs.tsx'
import { TouchButton } from './touch-button.tsx'

export interface KioskFrameProps {
  words: Words
  display: DisplaySettings
  onDisplay(display: DisplaySettings): void
  /** Empty until the station has said where we are. */
  hospitalName: string
  stationName: string
  clock: string
  helpDesk: string
  /** Whether the station has a reader of chip cards. */
  takesCards?: boolean
  /** Left out where there is nothing to go back to; the place on the bar stays empty. */
  onBack?: () => void
  onStartOver?: () => void
  /** Whether starting over says 「不是我」, because somebody is named on this screen. */
  namesSomebody?: boolean
  /** True while work is under way that must finish first. */
  locked?: boolean
  /** Told while a finger rests on the names in the header. */
  nameHeld?: { press(): void; release(): void }
  children: ComponentChildren
  notice?: string | null
}

type OpenDialog = 'help' | 'display' | null

/** What every screen has in the same place: where we are, and the bar with the ways out, help, language and display. */
export function KioskFrame(props: KioskFrameProps): VNode {
  const { words, display } = props
  const [open, setOpen] = useState<OpenDialog>(null)
  const close = () => setOpen(null)
  return (
    <div
      class="kiosk"
      lang={display.locale}
      data-large={display.large}
      data-contrast={display.contrast}
      data-low={display.low}
    >
      <header
        class="header"
        onPointerDown={props.nameHeld?.press}
        onPointerUp={props.nameHeld?.release}
        onPointerLeave={props.nameHeld?.release}
        onPointerCancel={props.nameHeld?.release}
      >
        <p class="header-hospital">{props.hospitalName}</p>
        <p class="header-station">{props.stationName}</p>
        <p class="header-clock">{props.clock}</p>
      </header>
      {props.children}
      <p class="notice" role="status">
        {props.notice}
      </p>
      <KioskBar {...props} onHelp={() => setOpen('help')} onShowDisplay={() => setOpen('display')} />
      {open === 'help' ? (
        <HelpDialog words={words} helpDesk={props.helpDesk} takesCards={props.takesCards === true} onClose={close} />
      ) : null}
      {open === 'display' ? <DisplayDialog {...props} onClose={close} /> : null}
    </div>
  )
}

function KioskBar(props: KioskFrameProps & { onHelp(): void; onShowDisplay(): void }): VNode {
  const { words, display, locked = false, onBack, onStartOver } = props
  const other = display.locale === 'zh-CN' ? 'en' : 'zh-CN'
  return (
    <nav class="bar" aria-label={words.say('bar.name')}>
      {onBack ? (
        <TouchButton rank="bar" area="back" icon="back" disabled={locked} onPress={onBack}>
          {words.say('bar.back')}
        </TouchButton>
      ) : null}
      {onStartOver ? (
        <TouchButton rank="bar" area="over" icon="restart" disabled={locked} onPress={onStartOver}>
          {words.say(props.namesSomebody ? 'bar.not-me' : 'bar.start-over')}
        </TouchButton>
      ) : null}
      <TouchButton rank="bar" area="help" icon="help" onPress={props.onHelp}>
        {words.say('bar.help')}
      </TouchButton>
      <TouchButton
        rank="bar"
        area="language"
        icon="language"
        lang={other}
        onPress={() => props.onDisplay({ ...display, locale: other })}
      >
        {words.say('language.other')}
      </TouchButton>
      <TouchButton rank="bar" area="display" icon="display" onPress={props.onShowDisplay}>
        {words.say('bar.display')}
      </TouchButton>
    </nav>
  )
}
