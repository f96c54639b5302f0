import type { Framer } from '../device/framer.ts'
import { maxSamLength, samPreamble } from './sam-frame.ts'

/** An answer of the security module: the reader's own status byte and what follows; or a frame whose checksum is wrong. */
export type SamFrame = { ok: true; status: number; data: Buffer } | { ok: false }

const headBytes = samPreamble.length + 2

/** Three status bytes and a checksum. */
const minSamLength = 4

/** A flood is taken in pieces, so that no more than a piece and one frame are held at once. */
const pieceBytes = 2048

/**
 * Finds answers in a reader's bytes. What is no frame is thrown away byte by byte; a frame that never ends is thrown away by `reset`,
 * which every exchange that timed out must call, or its half frame would swallow the answers after it.
 */
export class SamFramer implements Framer<SamFrame> {
  readonly max = headBytes + maxSamLength
  #pending: Buffer = Buffer.alloc(0)
  #junk = 0

  get junk(): number {
    return this.#junk
  }

  /** The bytes held: the beginning of an answer, or what may become one. */
  get held(): number {
    return this.#pending.length
  }

  push(bytes: Uint8Array): SamFrame[] {
    const frames: SamFrame[] = []
    for (let offset = 0; offset < bytes.length; offset += pieceBytes) {
      this.#pending = Buffer.concat([this.#pending, bytes.subarray(offset, offset + pieceBytes)])
      for (let frame = this.#take(); frame !== undefined; frame = this.#take()) frames.push(frame)
    }
    return frames
  }

  reset(): void {
    this.#drop(this.#pending.length)
  }

  #take(): SamFrame | undefined {
    while (this.#alignToPreamble()) {
      if (this.#pending.length < headBytes) return undefined
      const length = this.#pending.readUInt16BE(samPreamble.length)
      if (length < minSamLength || length > maxSamLength) {
        this.#drop(1)
        continue
      }
      const end = headBytes + length
      if (this.#pending.length < end) return undefined
      return this.#cut(end)
    }
    return undefined
  }

  /** A frame with a wrong checksum may be no frame at all: only its first byte goes, and the search begins again inside it. */
  #cut(end: number): SamFrame {
    const checked = this.#pending.subarray(samPreamble.length, end)
    if (checked.reduce((xor, byte) => xor ^ byte, 0) !== 0) {
      this.#drop(1)
      return { ok: false }
    }
    const body = Buffer.from(this.#pending.subarray(headBytes, end - 1))
    this.#pending = this.#pending.subarray(end)
    return { ok: true, status: body.readUInt8(2), data: body.subarray(3) }
  }

  /** Throws away what stands before a preamble; without one, all but an end that may begin one. */
  #alignToPreamble(): boolean {
    const start = this.#pending.indexOf(samPreamble)
    if (start >= 0) {
      this.#drop(start)
      return true
    }
    let keep = Math.min(this.#pending.length, samPreamble.length - 1)
    while (keep > 0 && !this.#pending.subarray(-keep).equals(samPreamble.subarray(0, keep))) keep -= 1
    this.#drop(this.#pending.length - keep)
    return false
  }

  #drop(count: number): void {
    this.#junk += count
    this.#pending = this.#pending.subarray(count)
  }
}
