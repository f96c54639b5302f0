import type { VNode } from 'preact'
import { type CardSay, cardWords } from '../catalogue/card-words.ts'
import type { CardRefusal } from '../check-in/check-in-step.ts'
import { RefusalPanes } from '../check-in/refusal-screens.tsx'
import type { RefusalWords } from '../check-in/refusal-words.ts'
import type { ScreenProps } from '../check-in/screen-props.ts'
import { ScreenPanes } from '../kit/screen-panes.tsx'
import { TouchButton } from '../kit/touch-button.tsx'
import { CardHelpPicture } from './card-help-pictures.tsx'
import { CardInPicture } from './card-pictures.tsx'

type CardScreenProps = Omit<ScreenProps<never>, 'step'>

/** 「正在读卡」: shown for the blink in which the card is read; it shows where the card is to stay. */
export function ReadingCardScreen({ words }: CardScreenProps): VNode {
  const say = cardWords(words.locale)
  return (
    <ScreenPanes title={say('card.reading')} picture={<CardInPicture large spoken={say('card.reading-picture')} />}>
      <p class="lead" role="status">
        {say('card.reading-body')}
      </p>
    </ScreenPanes>
  )
}

/** Why a card did not lead on, with a picture of what to do; the other ways stay open. */
export function CardRefusedScreen(props: CardScreenProps & { refusal: CardRefusal }): VNode {
  const { refusal, words, helpDesk, act } = props
  const say = cardWords(words.locale)
  return (
    <RefusalPanes
      said={{ ...saidOf(refusal, say), notDone: words.say('refused.not-checked-in') }}
      words={words}
      helpDesk={helpDesk}
      {...signOf(refusal, say)}
      controls={
        <TouchButton rank="primary" onPress={() => act({ type: 'retype' })}>
          {words.say('refused.type')}
        </TouchButton>
      }
    />
  )
}

function saidOf(refusal: CardRefusal, say: CardSay): Pick<RefusalWords, 'title' | 'now'> {
  switch (refusal.why) {
    case 'card-refused':
      return { title: say(`card.${refusal.problem}.title`), now: say(`card.${refusal.problem}.now`) }
    case 'card-gone':
      return { title: say('gone.title'), now: say('gone.now') }
    case 'card-not-found':
      return {
        title: say('none-found.title'),
        now: say(refusal.centreReachable ? 'none-found.now' : 'none-found.offline'),
      }
    case 'decoder-unreachable':
      return { title: say('decoder.title'), now: say('decoder.now') }
  }
}

function signOf(refusal: CardRefusal, say: CardSay): { picture: VNode } | { icon: 'warning' } {
  switch (refusal.why) {
    case 'card-refused': {
      const { problem } = refusal
      return { picture: <CardHelpPicture problem={problem} spoken={say(`card.${problem}.picture`)} /> }
    }
    case 'card-gone':
      return { picture: <CardInPicture large spoken={say('card.reading-picture')} /> }
    case 'card-not-found':
    case 'decoder-unreachable':
      return { icon: 'warning' }
  }
}
