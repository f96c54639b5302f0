import { birthDateOf, idNumberCheckDigit } from '@yizhan/rules/patient/id-number'
import { idCardFields, idCardTextBytes } from '../id-reader/id-card-text.ts'
import { textArg } from './control-args.ts'

/** What a simulated second-generation ID card says; `cardType` is I or Y for a foreigner's card, else empty. */
export interface SimIdCard {
  name: string
  idNumber: string
  /** Eight digits, as the chip writes them. */
  birthDate: string
  cardType: string
}

/** The number of nobody: no place has the region code 990000. */
const nobodysDigits = '99000019900101001'

/** A card of nobody in particular, for a hand that does not care. */
export const plainIdCard: SimIdCard = {
  name: '张三',
  idNumber: nobodysDigits + idNumberCheckDigit(nobodysDigits),
  birthDate: '19900101',
  cardType: '',
}

/** Reads a card from a verb's arguments: any text in any field, so that wrong cards can be had too; undefined when it does not fit. */
export function readSimIdCard(args: unknown): SimIdCard | undefined {
  const name = textArg(args, 'name', 64) ?? plainIdCard.name
  const idNumber = textArg(args, 'idNumber', 18) ?? plainIdCard.idNumber
  const birthDate =
    textArg(args, 'birthDate', 8) ?? (birthDateOf(idNumber) ?? plainIdCard.birthDate).replaceAll('-', '')
  const cardType = textArg(args, 'cardType', 1) ?? ''
  return Buffer.byteLength(name, 'utf16le') <= idCardFields.name[1]
    ? { name, idNumber, birthDate, cardType }
    : undefined
}

/** The text that the reader sends for a card: UTF-16LE, each field filled up with spaces. */
export function encodeIdCardText(card: SimIdCard): Buffer {
  const text = Buffer.alloc(idCardTextBytes)
  for (let offset = 0; offset < text.length; offset += 2) text.writeUInt16LE(0x20, offset)
  for (const field of ['name', 'idNumber', 'birthDate', 'cardType'] as const) {
    const [start, length] = idCardFields[field]
    Buffer.from(card[field], 'utf16le').copy(text, start, 0, length)
  }
  return text
}
