/** A code held before the scanner is read again and again; a patient does not present it twice on purpose this fast. */
const repeatMs = 1500

/** Tells a code that was read a moment ago from a new one. */
export class RepeatFilter {
  #lastText = ''
  #lastAtMs = Number.NEGATIVE_INFINITY

  /** Whether the same text came less than 1.5 s ago; a code that stays before the scanner stays a repeat. */
  isRepeat(text: string, nowMs: number): boolean {
    const repeat = text === this.#lastText && nowMs - this.#lastAtMs < repeatMs
    this.#lastText = text
    this.#lastAtMs = nowMs
    return repeat
  }
}
