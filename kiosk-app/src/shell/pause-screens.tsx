import type { VNode } from 'preact'
import { type Words, wordsOf } from '../catalogue/words.ts'
import { RefusalPanes } from '../check-in/refusal-screens.tsx'
import { ScreenPanes } from '../kit/screen-panes.tsx'

/** The other language's sentence names no time, so any zone serves. */
const zoneOfNoTimes = 'UTC'

/**
 * 「本机暂停服务」: the station does not answer or cannot record. Said in both languages, for who finds a paused machine
 * may read only one and will not look for a switch.
 */
export function PausedScreen(props: { words: Words; helpDesk: string; deskKnown: boolean }): VNode {
  const { words, helpDesk, deskKnown } = props
  const otherWords = wordsOf(words.locale === 'en' ? 'zh-CN' : 'en', zoneOfNoTimes)
  return (
    <RefusalPanes
      alsoSaid={
        <p class="lead" lang={otherWords.locale}>
          {otherWords.say('paused.title')}
          {otherWords.locale === 'zh-CN' ? '。' : '. '}
          {otherWords.say('paused.now-no-desk')}
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
