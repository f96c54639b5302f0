// GB 11643-1999 appendix A: the check digit is that of ISO 7064 MOD 11-2, weights 2^(18-i) mod 11, written by this row.
const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] as const
const checkDigits = '10X98765432'

/** Nobody alive was born before; a card that says so was misread. */
const earliestBirthYear = 1800

/** The check digit of the first seventeen digits of an ID number, `0`–`9` or `X`. Throws a RangeError on anything else. */
export function idNumberCheckDigit(seventeenDigits: string): string {
  if (!/^\d{17}$/.test(seventeenDigits))
    throw new RangeError('an ID number has seventeen digits before its check digit')
  const sum = weights.reduce<number>((total, weight, at) => total + weight * Number(seventeenDigits[at]), 0)
  return checkDigits.charAt(sum % 11)
}

/**
 * Whether the text is a citizen's ID number (公民身份号码) as GB 11643-1999 writes it: six digits of the region, a birth date that
 * exists, three digits of order, the check digit, `X` as a capital. Whether the region exists is not looked at.
 */
export function isIdNumber(text: string): boolean {
  if (!/^[1-9]\d{16}[\dX]$/.test(text)) return false
  return isBirthDate(text.slice(6, 14)) && idNumberCheckDigit(text.slice(0, 17)) === text.charAt(17)
}

/** The birth date in an ID number as `YYYY-MM-DD`; undefined for what is no ID number. */
export function birthDateOf(idNumber: string): string | undefined {
  return isIdNumber(idNumber) ? dashedDate(idNumber.slice(6, 14)) : undefined
}

/** A date of eight digits, as cards write it, as `YYYY-MM-DD`; undefined when there is no such day or nobody can be born on it. */
export function dateOfEightDigits(text: string): string | undefined {
  return /^\d{8}$/.test(text) && isBirthDate(text) ? dashedDate(text) : undefined
}

function isBirthDate(eightDigits: string): boolean {
  const [year, month, day] = [eightDigits.slice(0, 4), eightDigits.slice(4, 6), eightDigits.slice(6)].map(Number)
  if (year === undefined || month === undefined || day === undefined || year < earliestBirthYear) return false
  const date = new Date(Date.UTC(year, month - 1, day))
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}

function dashedDate(eightDigits: string): string {
  return `${eightDigits.slice(0, 4)}-${eightDigits.slice(4, 6)}-${eightDigits.slice(6)}`
}
