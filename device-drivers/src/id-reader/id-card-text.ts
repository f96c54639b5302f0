import type { CardProblem } from '@yizhan/contracts/card'
import { dateOfEightDigits, isIdNumber } from '@yizhan/rules/patient/id-number'
import type { CardIdentity } from '../card/card-news.ts'

/** The text of a second-generation ID card: 256 bytes of UTF-16LE in fields of fixed length, filled up with spaces. */
export const idCardTextBytes = 256

/** Where the fields that we need begin and how long they are, in bytes; the others are not looked at. */
export const idCardFields = {
  name: [0, 30],
  birthDate: [36, 16],
  idNumber: [122, 36],
  /** I or Y for a foreigner's permanent residence card, whose other fields lie elsewhere; J for residents from Hong Kong, Macao, Taiwan. */
  cardType: [248, 2],
} as const satisfies Record<string, readonly [number, number]>

/** The answer to "read": two lengths, then the text, then the picture. */
const lengthBytes = 4

/** Reads the identity out of the answer to "read", or says why it is none. The picture is not looked at. */
export function readIdCard(data: Buffer): { identity: CardIdentity } | { problem: CardProblem } {
  if (data.length < lengthBytes + idCardTextBytes || data.readUInt16BE(0) !== idCardTextBytes)
    return { problem: 'unreadable' }
  const text = data.subarray(lengthBytes, lengthBytes + idCardTextBytes)
  if (!['', 'J'].includes(readField(text, 'cardType'))) return { problem: 'unknown-card' }
  const value = readField(text, 'idNumber').toUpperCase()
  if (!isIdNumber(value)) return { problem: 'unreadable' }
  const name = readField(text, 'name')
  const birthDate = dateOfEightDigits(readField(text, 'birthDate'))
  return {
    identity: {
      profileId: 'id-card-2',
      identifiers: [{ kind: 'id-number', value }],
      ...(name === '' || /\p{Cc}/u.test(name) || !name.isWellFormed() ? {} : { name }),
      ...(birthDate === undefined ? {} : { birthDate }),
    },
  }
}

function readField(text: Buffer, field: keyof typeof idCardFields): string {
  const [start, length] = idCardFields[field]
  return text
    .subarray(start, start + length)
    .toString('utf16le')
    .replaceAll('\0', ' ')
    .trim()
}
