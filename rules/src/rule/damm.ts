// The totally anti-symmetric quasigroup of order 10 from H. M. Damm's dissertation (Marburg, 2004): it finds every
// single wrong digit and every swap of two neighbours.
const quasigroup = [
  [0, 3, 1, 7, 5, 9, 8, 6, 4, 2],
  [7, 0, 9, 2, 1, 5, 4, 8, 6, 3],
  [4, 2, 0, 6, 8, 7, 1, 3, 5, 9],
  [1, 7, 5, 0, 9, 8, 3, 4, 2, 6],
  [6, 1, 2, 3, 0, 4, 5, 9, 7, 8],
  [3, 6, 7, 4, 2, 0, 9, 5, 8, 1],
  [5, 8, 6, 9, 7, 2, 0, 1, 3, 4],
  [8, 9, 4, 5, 3, 6, 2, 0, 1, 7],
  [9, 4, 3, 8, 6, 1, 7, 2, 0, 5],
  [2, 5, 8, 1, 4, 3, 6, 7, 9, 0],
] as const

/** The Damm check digit of a string of decimal digits. Throws a RangeError on any other character. */
export function dammCheckDigit(digits: string): number {
  let interim = 0
  for (const digit of digits) {
    const next = /^\d$/.test(digit) ? quasigroup[interim]?.[Number(digit)] : undefined
    if (next === undefined) throw new RangeError('dammCheckDigit takes decimal digits only')
    interim = next
  }
  return interim
}

/** Whether a string of digits ends in its own Damm check digit; false for anything that is not digits. */
export function hasDammCheckDigit(digits: string): boolean {
  return /^\d{2,}$/.test(digits) && dammCheckDigit(digits) === 0
}
