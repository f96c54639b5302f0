import type { VNode } from 'preact'
import type { Words } from '../catalogue/words.ts'
import type { DisplaySettings } from './display-settings.ts'
import { KioskDialog } from './kiosk-dialog.tsx'
import { TouchButton } from './touch-button.tsx'

/** 「需要帮忙吗?」: where a person helps, and what the machine wants to know. */
export function HelpDialog(props: { words: Words; helpDesk: string; takesCards: boolean; onClose(): void }): VNode {
  const { words } = props
  return (
    <KioskDialog title={words.say('help.title')} onClose={props.onClose}>
      <p>{words.say('help.desk', { desk: props.helpDesk })}</p>
      <ul class="hints">
        <li>{words.say('help.code')}</li>
        <li>{words.say('help.scan')}</li>
        {props.takesCards ? <li>{words.say('help.card')}</li> : null}
        <li>{words.say('help.counter')}</li>
      </ul>
      <div class="dialog-controls">
        <TouchButton rank="primary" onPress={props.onClose}>
          {words.say('help.close')}
        </TouchButton>
      </div>
    </KioskDialog>
  )
}

/** Large text, high contrast, lower buttons; each is seen at once behind the dialog. */
export function DisplayDialog(props: {
  words: Words
  display: DisplaySettings
  onDisplay(display: DisplaySettings): void
  onClose(): void
}): VNode {
  const { words, display, onDisplay } = props
  const toggles = [
    { key: 'large', word: 'display.large' },
    { key: 'contrast', word: 'display.contrast' },
    { key: 'low', word: 'display.low', hint: 'display.low-hint' },
  ] as const
  return (
    <KioskDialog title={words.say('display.title')} onClose={props.onClose}>
      <div class="dialog-controls dialog-grid">
        {toggles.map(({ key, word, ...more }) => (
          <TouchButton
            key={key}
            rank="quiet"
            pressed={display[key]}
            {...(display[key] ? { icon: 'check' as const } : {})}
            onPress={() => onDisplay({ ...display, [key]: !display[key] })}
          >
            {words.say(word)}
            {'hint' in more ? <small>{words.say(more.hint)}</small> : null}
          </TouchButton>
        ))}
        <TouchButton rank="primary" onPress={props.onClose}>
          {words.say('display.done')}
        </TouchButton>
      </div>
    </KioskDialog>
  )
}
