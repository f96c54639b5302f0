import type { Framer } from '../device/framer.ts'
import { type FullStatus, readFullStatus } from './presenter-status.ts'

/** What an automatic status block (GS a) says of the printer. */
export interface AutomaticStatus {
  offline: boolean
  coverOpen: boolean
  mechanicalError: boolean
  cutterError: boolean
  unrecoverable: boolean
  overheated: boolean
  paperNearEnd: boolean
  paperOut: boolean
}

/** One answer of the printer. A real-time byte does not say which question it answers; the asker knows. */
export type PrinterReply =
  | { kind: 'real-time'; byte: number }
  | { kind: 'automatic'; status: AutomaticStatus }
  | { kind: 'full'; status: FullStatus }
  | { kind: 'ordered'; byte: number }
  | { kind: 'process-id'; processId: string }
  | { kind: 'counter'; value: number }
  | { kind: 'other-block'; header: number }

const blockHeaders: readonly number[] = [0x35, 0x37, 0x3b, 0x3d, 0x5f]
const processIdHeader = 0x37
const counterHeader = 0x5f

/** The two bytes before a full status (DLE EOT 20), and the bytes of the whole answer. */
const fullStatusHead = [0x10, 0x0f] as const
const fullStatusBytes = 6

/** One reply for each byte, made once: a printer that floods us with such bytes costs no memory. */
const everyByte = Array.from({ length: 256 }, (_each, byte) => byte)
const realTimeReplies: readonly PrinterReply[] = everyByte.map((byte) => ({ kind: 'real-time', byte }))
const orderedReplies: readonly PrinterReply[] = everyByte.map((byte) => ({ kind: 'ordered', byte }))

/** Printer answers longer than this are noise: the longest documented one, a name block, stays under 80 bytes. */
const maxBlockBytes = 128

/**
 * Cuts the printer's answer stream into replies. The first byte tells the kind by its fixed bits (Epson's command
 * reference, "transmission status"); a byte that fits none, or an answer that breaks off, counts as junk.
 */
export class ReplyFramer implements Framer<PrinterReply> {
  readonly max = maxBlockBytes
  readonly #hasFullStatus: boolean
  #pending: number[] = []
  #junk = 0

  /** `fullStatus`: the model answers DLE EOT 20, which begins as an automatic status does; it has no automatic status then. */
  constructor(options: { fullStatus: boolean } = { fullStatus: false }) {
    this.#hasFullStatus = options.fullStatus
  }

  get junk(): number {
    return this.#junk
  }

  push(bytes: Uint8Array): PrinterReply[] {
    const replies: PrinterReply[] = []
    for (const byte of bytes) {
      const reply = this.#pushByte(byte)
      if (reply !== undefined) replies.push(reply)
    }
    return replies
  }

  /** Whether an answer has begun and not ended. */
  get open(): boolean {
    return this.#pending.length > 0
  }

  reset(): void {
    this.#junk += this.#pending.length
    this.#pending = []
  }

  #pushByte(byte: number): PrinterReply | undefined {
    const head = this.#pending[0]
    if (head === undefined) return this.#start(byte)
    if (this.#hasFullStatus && head === fullStatusHead[0]) return this.#continueFull(byte)
    return blockHeaders.includes(head) ? this.#continueBlock(head, byte) : this.#continueAutomatic(byte)
  }

  #start(byte: number): PrinterReply | undefined {
    if ((byte & 0x93) === 0x12) return realTimeReplies[byte]
    if ((byte & 0x93) === 0x10 || blockHeaders.includes(byte)) {
      this.#pending.push(byte)
      return undefined
    }
    if ((byte & 0x90) === 0) return orderedReplies[byte]
    this.#junk += 1
    return undefined
  }

  #continueFull(byte: number): PrinterReply | undefined {
    if (this.#pending.length === 1 && byte !== fullStatusHead[1]) {
      this.reset()
      return this.#start(byte)
    }
    this.#pending.push(byte)
    const [, , ...body] = this.#pending
    if (this.#pending.length < fullStatusBytes) return undefined
    this.#pending = []
    return { kind: 'full', status: readFullStatus(body) }
  }

  #continueAutomatic(byte: number): PrinterReply | undefined {
    if ((byte & 0x90) !== 0) {
      this.reset()
      return this.#start(byte)
    }
    this.#pending.push(byte)
    const [first = 0, second = 0, third = 0, fourth] = this.#pending
    if (fourth === undefined) return undefined
    this.#pending = []
    return { kind: 'automatic', status: readAutomaticStatus(first, second, third) }
  }

  #continueBlock(header: number, byte: number): PrinterReply | undefined {
    if (byte !== 0 && !mayFollow(header, this.#pending.length, byte)) {
      this.reset()
      return this.#start(byte)
    }
    if (byte !== 0) {
      this.#pending.push(byte)
      return undefined
    }
    const text = Buffer.from(this.#pending.slice(1)).toString('latin1')
    const reply = readBlock(header, text)
    if (reply === undefined) this.reset()
    this.#pending = []
    return reply
  }
}

/** The bits of GS a, bytes 1 to 3: byte 1 bits 3, 5; byte 2 bits 2, 3, 5, 6; byte 3 bits 0–1 and 2–3. */
function readAutomaticStatus(first: number, second: number, third: number): AutomaticStatus {
  return {
    offline: (first & 0x08) !== 0,
    coverOpen: (first & 0x20) !== 0,
    mechanicalError: (second & 0x04) !== 0,
    cutterError: (second & 0x08) !== 0,
    unrecoverable: (second & 0x20) !== 0,
    overheated: (second & 0x40) !== 0,
    paperNearEnd: (third & 0x03) !== 0,
    paperOut: (third & 0x0c) !== 0,
  }
}

/** Whether a block may hold this byte at this place: noise that looks like a header must not swallow the answer behind it. */
function mayFollow(header: number, place: number, byte: number): boolean {
  if (header === processIdHeader) return place <= 5 && byte >= 0x20 && byte <= 0x7e
  if (header === counterHeader) return place <= 10 && byte >= 0x30 && byte <= 0x39
  return place < maxBlockBytes && byte >= 0x20 && byte <= 0x7e
}

/** A process-ID block is an identifier byte and the four characters; a counter block is decimal digits. */
function readBlock(header: number, text: string): PrinterReply | undefined {
  if (header === processIdHeader) {
    return text.length === 5 ? { kind: 'process-id', processId: text.slice(1) } : undefined
  }
  if (header === counterHeader) {
    return /^\d{1,10}$/.test(text) ? { kind: 'counter', value: Number(text) } : undefined
  }
  return { kind: 'other-block', header }
}
