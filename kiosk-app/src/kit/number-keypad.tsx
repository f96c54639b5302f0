import type { VNode } from 'preact'
import { TouchButton } from './touch-button.tsx'

export interface NumberKeypadProps {
  name: string
  eraseWord: string
  clearWord: string
  nextWord: string
  onDigit(digit: string): void
  onErase(): void
  onClear(): void
  onNext(): void
}

const digits = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0'] as const

/** Ten digits in telephone order with the two corrections and the way on; keys of at least 15 mm. */
export function NumberKeypad(props: NumberKeypadProps): VNode {
  return (
    <fieldset class="keypad">
      <legend class="spoken">{props.name}</legend>
      {digits.map((digit) => (
        <TouchButton key={digit} rank="key" area={`d${digit}`} onPress={() => props.onDigit(digit)}>
          {digit}
        </TouchButton>
      ))}
      <TouchButton rank="key" area="clear" onPress={props.onClear}>
        <span class="key-word">{props.clearWord}</span>
      </TouchButton>
      <TouchButton rank="key" area="erase" icon="erase" spoken={props.eraseWord} onPress={props.onErase}>
        {null}
      </TouchButton>
      <TouchButton rank="primary" area="next" onPress={props.onNext}>
        {props.nextWord}
      </TouchButton>
    </fieldset>
  )
}
