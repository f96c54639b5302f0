/** Nobody opens a printer, cuts by hand and closes it again between two slips that follow each other within this time. */
const freshForMs = 200

/**
 * The printer's counter of cuts as the proof of the last slip told it. While slips follow back to back it is the counter
 * before the next one too, and need not be asked for again.
 */
export class CutCount {
  readonly #monotonic: () => number
  #cuts: number | null = null
  #toldAt = 0

  /** `monotonic`: milliseconds of a clock that nobody can set. */
  constructor(monotonic: () => number) {
    this.#monotonic = monotonic
  }

  /** Takes what a proof told; null when something else was printed since, or nothing was proved. */
  tell(cuts: number | null): void {
    this.#cuts = cuts
    this.#toldAt = this.#monotonic()
  }

  /** The counter at this moment, once; null when it has to be asked for. */
  take(): number | null {
    const cuts = this.#monotonic() - this.#toldAt <= freshForMs ? this.#cuts : null
    this.#cuts = null
    return cuts
  }
}
