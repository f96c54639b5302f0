import { dammCheckDigit, hasDammCheckDigit } from '../rule/damm.ts'

/** The service code (服务代码) of some digits: four to six of them and their check digit. */
export function serviceCodeOf(digits: string): string {
  if (!/^\d{4,6}$/.test(digits)) throw new RangeError('a service code has four to six digits before its check digit')
  return `${digits}${dammCheckDigit(digits)}`
}

/** Whether a text is a service code: five to seven digits, the last of which checks the others. */
export function isServiceCode(text: string): boolean {
  return /^\d{5,7}$/.test(text) && hasDammCheckDigit(text)
}
