import { bookingCodeLength } from '@yizhan/rules/appointment/booking-code'
import type { VNode } from 'preact'
import type { Words } from '../catalogue/words.ts'
import { DigitSlots } from '../kit/digit-slots.tsx'
import { LucideIcon } from '../kit/lucide-icon.tsx'
import { NumberKeypad } from '../kit/number-keypad.tsx'
import { ScreenPanes } from '../kit/screen-panes.tsx'
import { secondItemLength } from './check-in-flow.ts'
import type { CheckInEvent } from './check-in-step.ts'
import type { ScreenPropsOf } from './screen-props.ts'

/** The booking code, typed digit by digit; a typo is told here, before any search. */
export function TypingCodeScreen({ step, words, act }: ScreenPropsOf<'typing-code'>): VNode {
  return (
    <TypingScreen
      words={words}
      act={act}
      digits={step.digits}
      length={bookingCodeLength}
      title={words.say('code.title')}
      hint={words.say('code.hint')}
      at={1}
      problem={
        step.problem && problemWord(step.problem, 'code.incomplete', bookingCodeLength - step.digits.length, words)
      }
    />
  )
}

/** Four digits that only the patient knows. */
export function TypingSecondItemScreen({ step, words, act }: ScreenPropsOf<'typing-second-item'>): VNode {
  return (
    <TypingScreen
      words={words}
      act={act}
      digits={step.digits}
      length={secondItemLength}
      title={words.say('second.title')}
      hint={words.say('second.hint')}
      at={2}
      problem={
        step.problem && problemWord(step.problem, 'second.incomplete', secondItemLength - step.digits.length, words)
      }
    />
  )
}

function problemWord(
  problem: 'incomplete' | 'mistyped',
  incomplete: 'code.incomplete' | 'second.incomplete',
  missing: number,
  words: Words,
): string {
  return problem === 'incomplete' ? words.say(incomplete, { n: missing }) : words.say('code.mistyped')
}

function TypingScreen(props: {
  words: Words
  act(event: CheckInEvent): void
  digits: string
  length: number
  title: string
  hint: string
  at: number
  problem: string | null
}): VNode {
  const { words, act, digits, problem } = props
  const digit = (typed: string) => act({ type: 'digit', digit: typed })
  const erase = () => act({ type: 'erase' })
  const entered = digits === '' ? words.say('code.empty') : words.say('code.entered', { digits: [...digits].join(' ') })
  return (
    <ScreenPanes
      title={props.title}
      progress={words.say('step.of', { at: props.at, all: 3 })}
      keys={{ onDigit: digit, onErase: erase }}
      controls={
        <NumberKeypad
          name={words.say('keypad.name')}
          eraseWord={words.say('keypad.erase')}
          clearWord={words.say('keypad.clear')}
          nextWord={words.say('keypad.next')}
          onDigit={digit}
          onErase={erase}
          onClear={() => act({ type: 'clear' })}
          onNext={() => act({ type: 'submit' })}
        />
      }
    >
      <p class="hint">{props.hint}</p>
      <DigitSlots digits={digits} length={props.length} spoken={entered} wrong={problem !== null} />
      <div role="alert">
        {problem ? (
          <p class="problem">
            <LucideIcon name="alert" />
            <span>{problem}</span>
          </p>
        ) : null}
      </div>
    </ScreenPanes>
  )
}
