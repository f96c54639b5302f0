import { useEffect, useRef } from 'preact/hooks'
import { digitsTyped } from './code-digits.ts'

interface Props {
  label: string
  boxLabel(n: number): string
  value: string
  onChange(value: string): void
  onComplete(value: string): void
}

const length = 6

/** Six boxes for six digits, filled by typing, pasting, or the phone's suggestion. Our own: antd's takes no keys under Preact. */
export function CodeBoxes({ label, boxLabel, value, onChange, onComplete }: Props) {
  const boxes = useRef<(HTMLInputElement | null)[]>([])
  useEffect(() => boxes.current[0]?.focus(), [])
  const take = (at: number, typed: string) => {
    const next = digitsTyped(value, at, typed, length)
    onChange(next)
    boxes.current[Math.min(next.length, length - 1)]?.focus()
    if (next.length === length && next !== value) onComplete(next)
  }
  const step = (event: KeyboardEvent, at: number) => {
    if (event.key === 'Backspace' && !value[at] && at > 0) {
      onChange(value.slice(0, at - 1))
      boxes.current[at - 1]?.focus()
      event.preventDefault()
    }
    if (event.key === 'ArrowLeft') boxes.current[at - 1]?.focus()
    if (event.key === 'ArrowRight') boxes.current[at + 1]?.focus()
  }
  return (
    <fieldset class="ui-code">
      <legend class="ui-field-label">{label}</legend>
      <div class="ui-code-boxes">
        {Array.from({ length }, (_, at) => (
          <input
            key={at}
            ref={(box) => {
              boxes.current[at] = box
            }}
            class="ui-code-box"
            inputMode="numeric"
            autoComplete={at === 0 ? 'one-time-code' : 'off'}
            aria-label={boxLabel(at + 1)}
            value={value[at] ?? ''}
            onFocus={(event) => event.currentTarget.select()}
            onInput={(event) => take(at, event.currentTarget.value)}
            onKeyDown={(event) => step(event, at)}
          />
        ))}
      </div>
    </fieldset>
  )
}
