import type { ScanRefusal } from '@yizhan/contracts/station'
import type { Framer } from '../device/framer.ts'

/** One thing that the scanner read, or the reason why it cannot be used. */
export type Scan = { ok: true; text: string } | { ok: false; refusal: ScanRefusal }

/** Everything that the scanner is set to put around a code, removed here. */
export interface ScanFraming {
  prefix?: string
  suffix?: string
}

/** The longest code of any symbology in use is a QR of 2,953 bytes; past this it is no code. */
const maxScanBytes = 4096

const terminators: readonly number[] = [0x0a, 0x0d, 0x09]
const strictUtf8 = new TextDecoder('utf-8', { fatal: true })
const strictGb18030 = new TextDecoder('gb18030', { fatal: true })

/**
 * Cuts a scanner's bytes into codes at CR, LF or TAB. A code longer than 4 KiB is refused once and dropped up to its end. Text is
 * UTF-8 where it can be, else GB18030, as older scanners of Chinese codes send.
 */
export class ScanFramer implements Framer<Scan> {
  readonly max = maxScanBytes
  readonly #framing: ScanFraming
  #pending: number[] = []
  #overlong = false
  #junk = 0

  constructor(framing: ScanFraming = {}) {
    this.#framing = framing
  }

  get junk(): number {
    return this.#junk
  }

  /** Whether a code has begun, was not refused yet, and has not ended. */
  get inCode(): boolean {
    return this.#pending.length > 0
  }

  push(bytes: Uint8Array): Scan[] {
    const scans: Scan[] = []
    for (const byte of bytes) {
      const scan = this.#pushByte(byte)
      if (scan !== undefined) scans.push(scan)
    }
    return scans
  }

  reset(): void {
    this.#junk += this.#pending.length
    this.#pending = []
    this.#overlong = false
  }

  #pushByte(byte: number): Scan | undefined {
    if (terminators.includes(byte)) return this.#endCode()
    if (this.#overlong) {
      this.#junk += 1
      return undefined
    }
    this.#pending.push(byte)
    if (this.#pending.length <= this.max) return undefined
    this.reset()
    this.#overlong = true
    return { ok: false, refusal: 'too-long' }
  }

  #endCode(): Scan | undefined {
    const bytes = Uint8Array.from(this.#pending)
    this.#pending = []
    this.#overlong = false
    return bytes.length === 0 ? undefined : readScan(bytes, this.#framing)
  }
}

/** The bytes of one code as text, without what the scanner put around it. */
function readScan(bytes: Uint8Array, framing: ScanFraming): Scan {
  const decoded = decode(bytes)
  if (decoded === undefined) return { ok: false, refusal: 'unreadable' }
  const { prefix = '', suffix = '' } = framing
  let text = decoded
  if (prefix !== '' && text.startsWith(prefix)) text = text.slice(prefix.length)
  if (suffix !== '' && text.endsWith(suffix)) text = text.slice(0, -suffix.length)
  if (/\p{Cc}/u.test(text)) return { ok: false, refusal: 'control-characters' }
  return text.trim() === '' ? { ok: false, refusal: 'unreadable' } : { ok: true, text }
}

function decode(bytes: Uint8Array): string | undefined {
  for (const decoder of [strictUtf8, strictGb18030]) {
    try {
      return decoder.decode(bytes)
    } catch (error) {
      // A strict decoder says "not this encoding" by a TypeError; the next one is asked.
      if (!(error instanceof TypeError)) throw error
    }
  }
  return undefined
}
