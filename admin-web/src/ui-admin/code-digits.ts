/**
 * The code after `typed` arrived in box `at`: several digits fill the boxes from there on (a paste, a suggestion), one
 * digit replaces the box's, an emptied box drops its own and all that follow. Anything but digits is left out.
 */
export function digitsTyped(value: string, at: number, typed: string, length: number): string {
  const place = Math.min(at, value.length)
  const digits = typed.normalize('NFKC').replace(/\D/g, '')
  if (digits === '') return typed === '' ? value.slice(0, place) : value
  // A box that already held a digit hands over both, old and new, in the order of the caret.
  const held = value[place]
  const fresh = digits.length === 2 && held !== undefined && digits.includes(held) ? digits.replace(held, '') : digits
  return (value.slice(0, place) + fresh + value.slice(place + fresh.length)).slice(0, length)
}
