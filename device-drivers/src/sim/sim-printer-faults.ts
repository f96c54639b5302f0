/** The longest garbage that is made at once. */
const chunkBytes = 64 * 1024

/**
 * What is wrong with the way back from a simulated printer. All faults are off at first; garbage comes from a seed, so that a
 * run can be repeated.
 */
export class PrinterFaults {
  readonly #send: (bytes: Uint8Array) => void
  readonly #timers = new Set<NodeJS.Timeout>()
  #random: number
  #mute = false
  #delayMs = 0
  #half = false
  #wrongProcessId = false

  constructor(seed: number, send: (bytes: Uint8Array) => void) {
    this.#random = seed >>> 0
    this.#send = send
  }

  /** Answers nothing at all, and prints on. */
  setMute(mute: boolean): void {
    this.#mute = mute
  }

  /** Every answer comes this much later. */
  setAnswerDelay(ms: number): void {
    this.#delayMs = ms
  }

  /** Of every answer that is longer than a byte only the first half comes. */
  setHalfAnswers(half: boolean): void {
    this.#half = half
  }

  /** Answers process-ID questions with an ID that nobody asked for. */
  setWrongProcessId(wrong: boolean): void {
    this.#wrongProcessId = wrong
  }

  /** Sends this many bytes that mean nothing, of all values. */
  sendGarbage(count: number): void {
    for (let left = count; left > 0; left -= chunkBytes) {
      this.#send(Uint8Array.from({ length: Math.min(left, chunkBytes) }, () => this.#nextByte()))
    }
  }

  /** What is on, for whoever looks at the simulator. */
  view(): { mute: boolean; answerDelayMs: number; halfAnswers: boolean; wrongProcessId: boolean } {
    return {
      mute: this.#mute,
      answerDelayMs: this.#delayMs,
      halfAnswers: this.#half,
      wrongProcessId: this.#wrongProcessId,
    }
  }

  /** Passes on an answer of the printer, as the faults leave it. */
  reply(bytes: readonly number[]): void {
    if (this.#mute) return
    const left = this.#half && bytes.length > 1 ? bytes.slice(0, bytes.length >> 1) : bytes
    if (this.#delayMs === 0) {
      this.#send(Uint8Array.from(left))
      return
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      this.#send(Uint8Array.from(left))
    }, this.#delayMs)
    this.#timers.add(timer)
  }

  /** The ID as it is answered. */
  processIdFor(asked: string): string {
    return this.#wrongProcessId ? 'none' : asked
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer)
  }

  /** A byte of the seeded sequence (Numerical Recipes' linear congruential generator, its upper bits). */
  #nextByte(): number {
    this.#random = (Math.imul(this.#random, 1_664_525) + 1_013_904_223) >>> 0
    return this.#random >>> 24
  }
}
