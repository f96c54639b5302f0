/**
 * The ESC/POS commands that the opcode library does not have, or gets wrong: questions, Chinese mode, QR. Byte values are
 * those of Epson's public ESC/POS command reference, named by their mnemonic there.
 */

/** FS &: text is read as two- and four-byte Chinese characters from here on; ESC @ ends it on some models. */
export const chineseModeOn = Uint8Array.of(0x1c, 0x26)

/** ESC @: drops what is in the print buffer and all modes. */
export const initialize = Uint8Array.of(0x1b, 0x40)

/** GS a 0x0E: status comes by itself on a change of online, error or paper. */
export const automaticStatusOn = Uint8Array.of(0x1d, 0x61, 0x0e)

/** GS r 1: paper status, answered after all earlier data. */
export const askOrderedStatus = Uint8Array.of(0x1d, 0x72, 0x01)

/** GS g 2, number 178: the cuts since manufacture. */
export const askCutCounter = Uint8Array.of(0x1d, 0x67, 0x32, 0x00, 178, 0x00)

/** DLE ENQ 2: recover from an error after clearing the receive and print buffers. */
export const clearBuffer = Uint8Array.of(0x10, 0x05, 0x02)

/** The four questions of DLE EOT: printer, offline cause, error cause, paper sensors. */
export const realTimeQuestions = [1, 2, 3, 4] as const
export type RealTimeQuestion = (typeof realTimeQuestions)[number]

/** DLE EOT n. */
export function askRealTime(question: RealTimeQuestion): Uint8Array {
  return Uint8Array.of(0x10, 0x04, question)
}

/** GS ( H fn 48 with four characters of 0x20–0x7E, which come back when the printing before it is complete. */
export function askProcessId(processId: string): Uint8Array {
  return Uint8Array.of(0x1d, 0x28, 0x48, 0x06, 0x00, 0x30, 0x30, ...Buffer.from(processId, 'latin1'))
}

/** ESC J: prints and feeds this many dots. */
export function feedDots(dots: number): Uint8Array {
  return Uint8Array.of(0x1b, 0x4a, dots)
}

/** The longest QR text in bytes; longer is a fault of the slip. Bounds how many bytes flush a half-sent command. */
export const maxQrBytes = 512

/** NUL bytes that complete any command of ours whose rest was lost: the longest store a QR text or draw a band of raster. */
export const flushBytes = new Uint8Array(maxQrBytes + 16)

/** GS ( k functions 165, 167, 169 (level M), 180, 181: stores the QR text (UTF-8) and prints it, model 2. */
export function qrCode(data: string, moduleDots: number): Uint8Array {
  const bytes = Buffer.from(data, 'utf8')
  if (bytes.length === 0 || bytes.length > maxQrBytes) throw new RangeError(`QR text of ${bytes.length} bytes`)
  if (!Number.isInteger(moduleDots) || moduleDots < 1 || moduleDots > 16) {
    throw new RangeError(`QR module of ${moduleDots} dots`)
  }
  const storeLength = bytes.length + 3
  return Buffer.concat([
    Buffer.from([0x1d, 0x28, 0x6b, 0x04, 0x00, 0x31, 0x41, 0x32, 0x00]),
    Buffer.from([0x1d, 0x28, 0x6b, 0x03, 0x00, 0x31, 0x43, moduleDots]),
    Buffer.from([0x1d, 0x28, 0x6b, 0x03, 0x00, 0x31, 0x45, 0x31]),
    Buffer.from([0x1d, 0x28, 0x6b, storeLength & 0xff, storeLength >> 8, 0x31, 0x50, 0x30]),
    bytes,
    Buffer.from([0x1d, 0x28, 0x6b, 0x03, 0x00, 0x31, 0x51, 0x30]),
  ])
}

/** The longest CODE128 text of the contract. */
const maxCode128Characters = 40

/** Modules of a CODE128 symbol in code set B: 11 for start, each character and the check digit, 13 for the stop. */
function code128Modules(characters: number): number {
  return 11 * (characters + 2) + 13
}

/**
 * GS H 2, GS f 0, GS h, GS w and GS k 73: a CODE128 symbol in code set B with its text below, as wide as fits (modules of 3 or
 * 2 dots, the range of all models). Throws a RangeError when the text is not 1 to 40 characters of 0x20–0x7E or does not fit:
 * printers print nothing at all then.
 */
export function code128(data: string, heightDots: number, widthDots: number): Uint8Array {
  if (!/^[\x20-\x7e]+$/.test(data) || data.length > maxCode128Characters) {
    throw new RangeError(`CODE128 text of ${data.length} characters, or not ASCII`)
  }
  if (!Number.isInteger(heightDots) || heightDots < 1 || heightDots > 255) {
    throw new RangeError(`CODE128 of ${heightDots} dots height`)
  }
  const moduleDots = [3, 2].find((dots) => dots * code128Modules(data.length) <= widthDots)
  if (moduleDots === undefined) throw new RangeError(`CODE128 of ${data.length} characters is wider than the paper`)
  const text = Buffer.from(`{B${data.replaceAll('{', '{{')}`, 'latin1')
  return Buffer.concat([
    Buffer.from([0x1d, 0x48, 0x02, 0x1d, 0x66, 0x00, 0x1d, 0x68, heightDots, 0x1d, 0x77, moduleDots]),
    Buffer.from([0x1d, 0x6b, 73, text.length]),
    text,
  ])
}
