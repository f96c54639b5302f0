import type { VNode } from 'preact'

/** How many digits stand together, as in the booking message. */
const groupSize = 3

/** Digits as they are typed, in a slot each and grouped by three; `spoken` is read out after each change. */
export function DigitSlots(props: { digits: string; length: number; spoken: string; wrong: boolean }): VNode {
  const grouped = props.length > groupSize + 1
  const slots = Array.from({ length: props.length }, (_, at) => ({
    place: at + 1,
    digit: props.digits[at] ?? '',
    startsGroup: grouped && at > 0 && at % groupSize === 0,
  }))
  return (
    <div class="digits" data-wrong={props.wrong}>
      <p class="spoken" role="status">
        {props.spoken}
      </p>
      {slots.map(({ place, digit, startsGroup }) => (
        <span
          key={place}
          aria-hidden="true"
          class="digit"
          data-next={place === props.digits.length + 1}
          data-group={startsGroup}
        >
          {digit}
        </span>
      ))}
    </div>
  )
}
