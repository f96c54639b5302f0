import type { VNode } from 'preact'
import { pausedInBoth } from '../catalogue/paused.ts'
import type { Words } from '../catalogue/words.ts'
import { RefusalPanes } from '../check-in/refusal-screens.tsx'
import { ScreenPanes } from '../kit/screen-panes.tsx'

/**
 * 「本机暂停服务」: the station does not answer or cannot record. Said in both languages, for who finds a paused machine
 * may read only one and will not look for a switch.
 */
export function PausedScreen(props: { words: Words; helpDesk: string; deskKnown: boolean }): VNode {
  const { words, helpDesk, deskKnown } = props
  const other = words.locale === 'en' ? 'zh-CN' : 'en'
  return (
    <RefusalPanes
      alsoSaid={
        <p class="lead" lang={other}>
          {pausedInBoth[other]['paused.title']}
          {other === 'zh-CN' ? '。' : '. '}
          {pausedInBoth[other]['paused.now-no-desk']}
        </p>
      }
      words={words}
      helpDesk={helpDesk}
      icon="warning"
      said={{
        title: words.say('paused.title'),
        notDone: words.say('paused.not-done'),
        now: deskKnown ? words.say('paused.now', { desk: helpDesk }) : words.say('paused.now-no-desk'),
      }}
    />
  )
}

/** 「停电」: on the battery who is being served is served to the end, and nobody else begins. */
export function PowerFailingScreen({ words, helpDesk }: { words: Words; helpDesk: string }): VNode {
  const other = words.locale === 'en' ? 'zh-CN' : 'en'
  return (
    <RefusalPanes
      alsoSaid={
        <p class="lead" lang={other}>
          {pausedInBoth[other]['power.both']}
        </p>
      }
      words={words}
      helpDesk={helpDesk}
      icon="power"
      said={{
        title: words.say('power.title'),
        notDone: words.say('paused.not-done'),
        now: words.say('power.now', { desk: helpDesk }),
      }}
    />
  )
}

/** The page was opened without the station's launch cookie. */
export function NotLaunchedScreen({ words }: { words: Words }): VNode {
  return (
    <ScreenPanes title={words.say('not-launched.title')} tone="warning" icon="warning" alarm>
      <p class="lead">{words.say('not-launched.now')}</p>
    </ScreenPanes>
  )
}

/** Until the station's first answer. */
export function StartingScreen({ words }: { words: Words }): VNode {
  return <ScreenPanes title={words.say('starting.title')} icon="clock" />
}
