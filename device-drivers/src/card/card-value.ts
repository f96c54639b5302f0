import type { CardDecoding } from './card-profile.ts'

/** What a card answered makes no sense; the message names what, never what was in it. */
export class CardNonsense extends Error {
  override readonly name = 'CardNonsense'
}

const strictGb18030 = new TextDecoder('gb18030', { fatal: true })
const strictUtf16 = new TextDecoder('utf-16le', { fatal: true, ignoreBOM: true })

/** Control characters, invisible and direction-changing ones, unpaired halves, and what is no character. */
const unshowable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}\ufffd]/u

/**
 * The one data object with this tag among those that fill the bytes (BER-TLV, ISO 7816-4, 5.2.2, tags of one byte, lengths up to 255).
 * `00` and `FF` around the objects are padding. Undefined when there is none with this tag; throws CardNonsense when a length
 * points past the end, when bytes are left over, and when the tag stands twice.
 */
export function takeDataObject(bytes: Uint8Array, tag: number): Uint8Array | undefined {
  let found: Uint8Array | undefined
  for (let at = 0; at < bytes.length; ) {
    const thisTag = bytes[at]
    if (thisTag === 0x00 || thisTag === 0xff) {
      at += 1
      continue
    }
    const { start, end } = readLength(bytes, at + 1)
    if (thisTag === tag) {
      if (found !== undefined) throw new CardNonsense('a tag stands twice')
      found = bytes.subarray(start, end)
    }
    at = end
  }
  return found
}

function readLength(bytes: Uint8Array, at: number): { start: number; end: number } {
  const first = bytes[at]
  const long = first === 0x81
  const length = long ? bytes[at + 1] : first
  if (length === undefined || (!long && length > 0x7f)) throw new CardNonsense('a length is missing or too long')
  const start = at + (long ? 2 : 1)
  if (start + length > bytes.length) throw new CardNonsense('a length points past the end')
  return { start, end: start + length }
}

/**
 * The text of a value without the padding of its end, empty when it is all padding. Throws CardNonsense for bytes that are no such
 * text, and for characters that no name and no number has.
 */
export function decodeValue(bytes: Uint8Array, decoding: CardDecoding): string {
  const text = decodings[decoding](bytes)
  if (unshowable.test(text)) throw new CardNonsense('a value has characters that cannot be shown')
  return text
}

const decodings: Record<CardDecoding, (bytes: Uint8Array) => string> = {
  hex: (bytes) => Buffer.from(bytes).toString('hex').toUpperCase(),
  ascii(bytes) {
    const value = withoutPadding(bytes)
    if (value.some((byte) => byte > 0x7e)) throw new CardNonsense('a value is no ASCII')
    return Buffer.from(value).toString('latin1').trim()
  },
  bcd(bytes) {
    const digits = decodings.hex(bytes).replace(/F+$/, '')
    if (!/^\d*$/.test(digits)) throw new CardNonsense('a value is no BCD')
    return digits
  },
  // No second byte of GB18030 is 00, 20 or FF, so the end of a character is never taken for padding.
  gb18030: (bytes) => decodeText(() => strictGb18030.decode(withoutPadding(bytes))),
  utf16le: (bytes) => decodeText(() => strictUtf16.decode(bytes)),
}

function decodeText(decode: () => string): string {
  try {
    return decode()
      .replace(/[\0\uffff]+$/, '')
      .trim()
  } catch (error) {
    // A strict decoder says "not this encoding" by a TypeError.
    if (error instanceof TypeError) throw new CardNonsense('a value is not in its encoding')
    throw error
  }
}

function withoutPadding(bytes: Uint8Array): Uint8Array {
  let end = bytes.length
  while (end > 0 && isPadding(bytes[end - 1])) end -= 1
  return bytes.subarray(0, end)
}

function isPadding(byte: number | undefined): boolean {
  return byte === 0x00 || byte === 0x20 || byte === 0xff
}

/** Whether bytes fit a mask of hexadecimal digits, `x` for any, from the first to the last. */
export function fitsMask(bytes: Uint8Array, mask: string): boolean {
  return bytes.length * 2 === mask.length && beginsWithMask(bytes, mask)
}

/** Whether bytes begin as a mask of hexadecimal digits says, `x` for any. */
export function beginsWithMask(bytes: Uint8Array, mask: string): boolean {
  const hex = Buffer.from(bytes).toString('hex')
  if (mask.length > hex.length) return false
  return [...mask.toLowerCase()].every((digit, at) => digit === 'x' || digit === hex[at])
}
