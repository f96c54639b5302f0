import { idNumberCheckDigit } from './id-number.ts'

/**
 * An ID number (公民身份号码) in the one form by which equal ones are found: full-width characters as ASCII, no blanks or dashes, `X` as a
 * capital, and a number of the first generation (15 digits, of people born in the 1900s) as the 18 digits that replaced it, by
 * GB 11643-1999. What is no ID number comes back in the same plain form, so that foreign documents are found too.
 */
export function normalIdNumber(text: string): string {
  const plain = plainForm(text)
  if (!/^\d{15}$/.test(plain)) return plain
  const seventeen = `${plain.slice(0, 6)}19${plain.slice(6)}`
  return `${seventeen}${idNumberCheckDigit(seventeen)}`
}

/**
 * A phone number (电话) in the one form by which equal ones are found: digits only, without the country code of the mainland however it is
 * written (+86, 0086, 86 before a mobile number). Numbers of other countries keep theirs behind a `+`.
 */
export function normalPhone(text: string): string {
  const plain = plainForm(text).replace(/[^\d+]/g, '')
  const international = plain.replace(/^00/, '+')
  const mainland = /^(?:\+86|86(?=1\d{10}$))(\d+)$/.exec(international)?.[1]
  return mainland ?? international
}

/** Compatibility forms (NFKC: full-width digits and letters) as ASCII, capitals, without blanks, dashes and invisible characters. */
function plainForm(text: string): string {
  return text
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\p{Pd}\p{C}]/gu, '')
}
