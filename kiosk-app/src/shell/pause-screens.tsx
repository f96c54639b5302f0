import type { StationView } from '@yizhan/contracts/station'
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

/** The pauses whose cause the station knows. */
export type PauseCause = 'power' | 'rebuild' | 'storage-full'

/** Why a view of the station takes nobody, when that has words of its own on this screen; null otherwise. */
export function pauseCauseOf(view: StationView | null): PauseCause | null {
  switch (view?.outOfService) {
    case 'power-failing':
      return 'power'
    case 'rebuilding':
      return 'rebuild'
    case 'storage-full':
      return 'storage-full'
    default:
      return null
  }
}

const causeIcons = { power: 'power', rebuild: 'clock', 'storage-full': 'warning' } as const

/**
 * 「停电」, 「设备正在自动修复」, 「存储空间不足」: the machine takes nobody new, and says why in both languages. On the battery who is
 * being served is served to the end.
 */
export function CausedPauseScreen(props: { cause: PauseCause; words: Words; helpDesk: string }): VNode {
  const { cause, words, helpDesk } = props
  const other = words.locale === 'en' ? 'zh-CN' : 'en'
  return (
    <RefusalPanes
      alsoSaid={
        <p class="lead" lang={other}>
          {pausedInBoth[other][`${cause}.both`]}
        </p>
      }
      words={words}
      helpDesk={helpDesk}
      icon={causeIcons[cause]}
      said={{
        title: words.say(`${cause}.title`),
        notDone: words.say('paused.not-done'),
        now: words.say(`${cause}.now`, { desk: helpDesk }),
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
