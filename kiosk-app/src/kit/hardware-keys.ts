import { useLayoutEffect, useRef } from 'preact/hooks'

/** What a number keypad beside the screen does on this screen; Enter presses the primary button by itself. */
export interface HardwareKeys {
  onDigit?(digit: string): void
  onErase?(): void
}

/** Lets a hardware number keypad work the screen: digits, Backspace, and Enter for the primary action. */
export function useHardwareKeys(keys: HardwareKeys): void {
  const latest = useRef(keys)
  latest.current = keys
  useLayoutEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.repeat || event.ctrlKey || event.altKey || event.metaKey || document.querySelector('dialog[open]'))
        return
      if (/^\d$/.test(event.key)) latest.current.onDigit?.(event.key)
      else if (event.key === 'Backspace') latest.current.onErase?.()
      else if (event.key === 'Enter' && !isOnButton(event.target)) pressPrimary()
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [])
}

function isOnButton(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('button') !== null
}

function pressPrimary(): void {
  document.querySelector<HTMLButtonElement>('main button[data-primary]:not(:disabled)')?.click()
}
