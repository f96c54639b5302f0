import { encodeGb18030 } from '../printing/gb18030-text.ts'
import type { SimCard } from './sim-card.ts'

/** What a card does wrong, for whoever wants to see what becomes of it. APDUs are counted from 1 since power-up. */
export interface CardFaults {
  /** Never answers this APDU. */
  hangAt?: number
  /** Answers this APDU with its first bytes only, and says that all is well. */
  truncateAt?: number
  /** Answers this APDU with the second byte, a length, three too great. */
  lieAt?: number
}

/** A holder as the chip tells of him or her; dates as eight digits. */
export interface CardHolder {
  idNumber: string
  name: string
  birthDate: string
}

/** The application behind a name, with its elementary files by short identifier. */
interface CardApplication {
  name: string
  /** The records by number, and one transparent content. */
  files: Record<number, { records?: Record<number, Uint8Array>; content?: Uint8Array }>
}

const done = [0x90, 0x00]
const fileUnknown = [0x6a, 0x82]
const recordUnknown = [0x6a, 0x83]
const notSupported = [0x6d, 0x00]
const lengthWrong = [0x67, 0x00]

/** Two Chinese card families' usual answer to reset, T=0 with 13 historical bytes; these say YIZHAN-SIM-01. */
const contactAtr = Uint8Array.of(0x3b, 0x6d, 0x00, 0x00, ...Buffer.from('YIZHAN-SIM-01', 'latin1'))

/** As readers report a contactless storage card, with its check byte (PC/SC part 3, 3.1.3.2.3.2: MIFARE Classic 1K). */
const contactlessAtr = Uint8Array.from(Buffer.from('3B8F8001804F0CA000000306030001000000006A', 'hex'))

const socialSecurityName = '7378312e73682ec9e7bbe1b1a3d5cf'
const hospitalName = 'f0595a484301'

/**
 * An old-generation social-security card (社会保障卡): environment SSSE, EF05 with the card number, EF06 with the holder, one
 * TLV record per tag. `numbering` is how its records are asked for: by their tag, or counted.
 */
export function socialSecurityCard(
  holder: CardHolder & { cardNumber: string },
  options: { numbering?: 'by-tag' | 'counted'; faults?: CardFaults } = {},
): SimCard {
  const holderRecords = numbered(options.numbering ?? 'by-tag', [
    [0x08, ascii(holder.idNumber)],
    [0x09, padded(encodeGb18030(holder.name), 30)],
    [0x0a, ascii('1')],
    [0x0b, Uint8Array.of(0x01)],
    [0x0c, Uint8Array.of(0x99, 0x00, 0x00)],
    [0x0d, bcd(holder.birthDate)],
  ])
  const issuerRecords = { 7: tlv(0x07, ascii(holder.cardNumber)) }
  const files = { 5: { records: issuerRecords }, 6: { records: holderRecords } }
  return fileCard(contactAtr, [{ name: socialSecurityName, files }], options.faults)
}

/** A card of the hospital's own, as docs/hospital-card.md defines it. */
export function hospitalCard(
  holder: { cardNumber: string; name?: string; birthDate?: string },
  options: { faults?: CardFaults } = {},
): SimCard {
  const objects = [
    tlv(0x81, ascii(holder.cardNumber)),
    ...(holder.name === undefined ? [] : [tlv(0x82, encodeGb18030(holder.name))]),
    ...(holder.birthDate === undefined ? [] : [tlv(0x83, bcd(holder.birthDate))]),
  ]
  const content = tlv(0x70, Uint8Array.from(objects.flatMap((object) => [...object])))
  return fileCard(contactAtr, [{ name: hospitalName, files: { 1: { content } } }], options.faults)
}

/** A contactless storage card, together with the reader that answers for it; `uid` in hexadecimal. */
export function contactlessCard({ uid, faults }: { uid: string; faults?: CardFaults }): SimCard {
  const bytes = Uint8Array.from(Buffer.from(uid, 'hex'))
  return answering(contactlessAtr, faults, (apdu) =>
    hexOf(apdu) === 'ffca000000' ? [...bytes, ...done] : notSupported,
  )
}

/** A card that answers, and is of no kind that anybody here reads. */
export function unknownCard(): SimCard {
  const atr = Uint8Array.of(0x3b, 0x65, 0x00, 0x00, ...Buffer.from('OTHER', 'latin1'))
  return answering(atr, undefined, (apdu) => (apdu[1] === 0xa4 ? fileUnknown : notSupported))
}

/** A card that was put in the wrong way up: its chip touches nothing. */
export function upsideDownCard(): SimCard {
  return { atr: new Uint8Array(), answer: () => 'hang', powerUp: () => undefined }
}

/** A card of files: SELECT by name, READ RECORD and READ BINARY by short identifier (ISO 7816-4, 7.1–7.3). */
function fileCard(atr: Uint8Array, applications: readonly CardApplication[], faults: CardFaults | undefined): SimCard {
  let selected: CardApplication | undefined
  const answer = (apdu: Uint8Array): readonly number[] => {
    const [, ins, p1 = 0, p2 = 0, length = 0] = apdu
    if (apdu.length < 5) return lengthWrong
    if (ins === 0xa4 && p1 === 0x04) {
      const name = hexOf(apdu.subarray(5, 5 + length))
      selected = applications.find((application) => application.name === name)
      return selected === undefined ? fileUnknown : done
    }
    if (ins === 0xb2) return recordAnswer(selected?.files[p2 >> 3]?.records?.[p1])
    if (ins === 0xb0 && p1 >= 0x80) return contentAnswer(selected?.files[p1 & 0x1f]?.content)
    return notSupported
  }
  return answering(atr, faults, answer, () => {
    selected = undefined
  })
}

function recordAnswer(record: Uint8Array | undefined): readonly number[] {
  return record === undefined ? recordUnknown : [...record, ...done]
}

function contentAnswer(content: Uint8Array | undefined): readonly number[] {
  return content === undefined ? fileUnknown : [...content, ...done]
}

function answering(
  atr: Uint8Array,
  faults: CardFaults = {},
  answer: (apdu: Uint8Array) => readonly number[],
  forget: () => void = () => undefined,
): SimCard {
  let count = 0
  return {
    atr,
    answer(apdu) {
      count += 1
      if (count === faults.hangAt) return 'hang'
      const whole = Uint8Array.from(answer(apdu))
      const dataLength = whole.length - done.length
      if (count === faults.truncateAt) return Uint8Array.of(...whole.subarray(0, dataLength >> 1), ...done)
      if (count === faults.lieAt && dataLength > 1) whole[1] = (whole[1] ?? 0) + 3
      return whole
    },
    powerUp() {
      count = 0
      forget()
    },
  }
}

function numbered(how: 'by-tag' | 'counted', values: readonly (readonly [number, Uint8Array])[]) {
  return Object.fromEntries(values.map(([tag, value], at) => [how === 'by-tag' ? tag : at + 1, tlv(tag, value)]))
}

function tlv(tag: number, value: Uint8Array): Uint8Array {
  if (value.length > 0x7f) throw new RangeError('a virtual card holds values of up to 127 bytes')
  return Uint8Array.of(tag, value.length, ...value)
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'latin1'))
}

function padded(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length > length) throw new RangeError('the value is too long for its record')
  const whole = new Uint8Array(length)
  whole.set(bytes)
  return whole
}

function bcd(digits: string): Uint8Array {
  return Uint8Array.from(Buffer.from(digits, 'hex'))
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
