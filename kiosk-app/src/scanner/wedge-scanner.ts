import { browserClock } from '../kit/kiosk-clock.ts'
import { WedgeBurst, type WedgeHearer } from './wedge-burst.ts'

/**
 * Hears every key before the page does. A scanner's keys never reach the page, so that nothing of a code is typed anywhere;
 * a person's keys are handed on to whatever has the focus.
 */
export function hearWedge(window: Window, hearer: Omit<WedgeHearer, 'typed'>): { stop(): void } {
  const handedOn = new WeakSet<Event>()
  const burst = new WedgeBurst(browserClock, {
    scanned: (text) => hearer.scanned(text),
    refused: (refusal) => hearer.refused(refusal),
    typed(character) {
      const key = new KeyboardEvent('keydown', { key: character, bubbles: true, cancelable: true })
      handedOn.add(key)
      const focused = window.document.activeElement ?? window.document.body
      focused.dispatchEvent(key)
    },
  })
  const take = (event: KeyboardEvent) => {
    // What is handed on comes by here again.
    if (handedOn.has(event) || event.isComposing) return
    if (isHeld(event, burst)) keepFromPage(event)
  }
  window.addEventListener('keydown', take, true)
  return {
    stop() {
      burst.forget()
      window.removeEventListener('keydown', take, true)
    },
  }
}

function isHeld(event: KeyboardEvent, burst: WedgeBurst): boolean {
  if (event.key === 'Enter') return burst.end()
  // Scanners send control characters as shortcuts, Ctrl+J among them, which opens the browser's downloads.
  if (event.ctrlKey || event.altKey || event.metaKey) return burst.running
  const isCharacter = [...event.key].length === 1
  // A space on its own belongs to the button that has the focus.
  if (!isCharacter || (event.key === ' ' && !burst.running)) return false
  burst.hold(event.key, event.timeStamp)
  return true
}

/** Whoever only watches for any touch still hears it. */
function keepFromPage(event: KeyboardEvent): void {
  event.preventDefault()
  event.stopPropagation()
}
