/** What is wrong with the answers of a simulated printer itself; what is wrong with its line is the wire's. */
export class PrinterFaults {
  readonly #send: (bytes: Uint8Array) => void
  readonly #timers = new Set<NodeJS.Timeout>()
  #delayMs = 0
  #wrongProcessId = false

  constructor(send: (bytes: Uint8Array) => void) {
    this.#send = send
  }

  /** Every answer comes this much later; 0 is at once again. */
  setAnswerDelay(ms: number): void {
    this.#delayMs = ms
  }

  /** Answers process-ID questions with an ID that nobody asked for. */
  setWrongProcessId(wrong: boolean): void {
    this.#wrongProcessId = wrong
  }

  /** What is on, for whoever looks at the simulator. */
  view(): { answerDelayMs: number; wrongProcessId: boolean } {
    return { answerDelayMs: this.#delayMs, wrongProcessId: this.#wrongProcessId }
  }

  /** Sends an answer of the printer, when its time has come. */
  reply(bytes: readonly number[]): void {
    if (this.#delayMs === 0) {
      this.#send(Uint8Array.from(bytes))
      return
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      this.#send(Uint8Array.from(bytes))
    }, this.#delayMs)
    this.#timers.add(timer)
  }

  /** The ID as it is answered. */
  processIdFor(asked: string): string {
    return this.#wrongProcessId ? 'none' : asked
  }

  /** What was not answered yet is not answered any more. */
  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
  }
}
