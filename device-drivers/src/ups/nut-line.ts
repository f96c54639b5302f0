import type { Framer } from '../device/framer.ts'

/** What a NUT server answers to `GET VAR`: the value, or the word of its refusal. */
export type NutAnswer =
  | { kind: 'variable'; upsName: string; name: string; value: string }
  | { kind: 'refusal'; word: string }
  | { kind: 'other' }

/** An answer is a UPS's name, a variable's and its value, some tens of characters each; a line of a kilobyte is none. */
const maxLineBytes = 1024

/** Cuts a NUT server's bytes into lines. A longer line than any server sends is dropped up to its end. */
export class NutLineFramer implements Framer<string> {
  readonly max = maxLineBytes
  #pending: number[] = []
  #overlong = false
  #junk = 0

  get junk(): number {
    return this.#junk
  }

  push(bytes: Uint8Array): string[] {
    const lines: string[] = []
    for (const byte of bytes) {
      if (byte === 0x0a) {
        if (!this.#overlong) lines.push(Buffer.from(this.#pending).toString('utf8').replace(/\r$/, ''))
        this.#pending = []
        this.#overlong = false
      } else this.#hold(byte)
    }
    return lines
  }

  reset(): void {
    this.#junk += this.#pending.length
    this.#pending = []
    this.#overlong = false
  }

  #hold(byte: number): void {
    if (this.#overlong) {
      this.#junk += 1
      return
    }
    this.#pending.push(byte)
    if (this.#pending.length <= this.max) return
    this.reset()
    this.#overlong = true
  }
}

/** Reads one answer line of RFC 9271: `VAR <ups> <name> "<value>"`, with `\"` and `\\` inside the value, or `ERR <word>`. */
export function readNutAnswer(line: string): NutAnswer {
  const refusal = /^ERR ([A-Z-]+)(?: |$)/.exec(line)?.[1]
  if (refusal !== undefined) return { kind: 'refusal', word: refusal }
  const parts = /^VAR (\S+) (\S+) "((?:[^"\\]|\\.)*)"$/.exec(line)
  const [, upsName, name, quoted] = parts ?? []
  if (upsName === undefined || name === undefined || quoted === undefined) return { kind: 'other' }
  return { kind: 'variable', upsName, name, value: quoted.replaceAll(/\\(.)/g, '$1') }
}
