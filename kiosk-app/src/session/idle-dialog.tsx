import type { VNode } from 'preact'
import type { Words } from '../catalogue/words.ts'
import { KioskDialog } from '../kit/kiosk-dialog.tsx'
import { TouchButton } from '../kit/touch-button.tsx'

/** 「还需要时间吗?」: asked before a patient's screen is cleared. */
export function IdleDialog(props: { words: Words; secondsLeft: number; onMoreTime(): void; onEnd(): void }): VNode {
  const { words } = props
  return (
    <KioskDialog title={words.say('idle.title')} onClose={props.onMoreTime}>
      <p>{words.say('idle.body', { n: props.secondsLeft })}</p>
      <div class="dialog-controls">
        <TouchButton rank="quiet" onPress={props.onEnd}>
          {words.say('idle.end')}
        </TouchButton>
        <TouchButton rank="primary" onPress={props.onMoreTime}>
          {words.say('idle.more')}
        </TouchButton>
      </div>
    </KioskDialog>
  )
}
