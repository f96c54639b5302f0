/** Each step is a visible but gentle change; below the last one the words would be smaller than normal text. */
const fits = [1, 0.92, 0.85, 0.78, 0.72, 0.66, 0.6, 0.55] as const

/**
 * Makes the words of a screen just small enough for it, each pane for itself so that the number stays large beside a
 * long question. Hospitals write their own names of up to 120 characters, and large text on a small panel leaves
 * little room: a number cut off is worse than a number a little smaller.
 */
export function fitText(screen: HTMLElement): void {
  const info = screen.querySelector<HTMLElement>('.screen-info')
  const controls = screen.querySelector<HTMLElement>('.screen-controls')
  if (controls) fitPane(controls, () => [screen, controls].every(holdsItsWords) && buttonsFit(controls))
  if (info) fitPane(info, () => holdsItsWords(info))
}

/** The same for a dialog, whose heading and buttons must all be seen. */
export function fitDialog(dialog: HTMLElement): void {
  fitPane(dialog, () => holdsItsWords(dialog) && buttonsFit(dialog))
}

function fitPane(pane: HTMLElement, fitsNow: () => boolean): void {
  for (const fit of fits) {
    pane.style.setProperty('--fit', String(fit))
    if (fitsNow()) return
  }
}

/** A pixel of rounding is not an overflow. */
const roundingPx = 1

function holdsItsWords(box: Element): boolean {
  return box.scrollHeight <= box.clientHeight + roundingPx && box.scrollWidth <= box.clientWidth + roundingPx
}

/** Controls may reach this far up from the bottom in low reach: 45 % of the screen. */
const lowReachTop = 0.55

function buttonsFit(controls: HTMLElement): boolean {
  const low = controls.closest('[data-low="true"]') !== null
  return [...controls.querySelectorAll('.button')].every(
    (button) =>
      holdsItsWords(button) && (!low || button.getBoundingClientRect().top >= window.innerHeight * lowReachTop),
  )
}
