/** Each step is a visible but gentle change; below the last one the words would be smaller than normal text. */
const fits = [1, 0.92, 0.85, 0.78, 0.72, 0.66, 0.6, 0.55] as const

/**
 * Makes the words of a screen just small enough for it. Hospitals write their own names of up to 120 characters, and
 * large text on a small panel leaves little room: a number cut off is worse than a number a little smaller.
 */
export function fitText(screen: HTMLElement): void {
  for (const fit of fits) {
    screen.style.setProperty('--fit', String(fit))
    if (fitsWithin(screen)) return
  }
}

/** A pixel of rounding is not an overflow. */
const roundingPx = 1

function fitsWithin(screen: HTMLElement): boolean {
  const boxes = [screen, ...screen.querySelectorAll('.screen-info, .screen-controls, .button')]
  return (
    boxes.every(holdsItsWords) && (!isLow(screen) || [...screen.querySelectorAll('.button')].every(isWithinLowReach))
  )
}

function holdsItsWords(box: Element): boolean {
  return box.scrollHeight <= box.clientHeight + roundingPx && box.scrollWidth <= box.clientWidth + roundingPx
}

/** Controls may reach this far up from the bottom in low reach: 45 % of the screen. */
const lowReachTop = 0.55

function isLow(screen: HTMLElement): boolean {
  return screen.closest('[data-low="true"]') !== null
}

function isWithinLowReach(button: Element): boolean {
  return button.getBoundingClientRect().top >= window.innerHeight * lowReachTop
}
