/** Nobody opens a printer, cuts by hand and closes it again between two slips that follow each other within this time. */
const freshForMs = 200

/**
 * The printer's counter of cuts as the proof of the last slip told it. While slips follow back to back it is the counter
 * before the next one too, and need not be asked for again.
 */
export class CutCount {
  #cuts: number | null = null
  #toldAt = 0

  /** Takes what a proof told; null when something else was printed since, or nothing was proved. */
  tell(cuts: number | null): void {
    this.#cuts = cuts
    this.#toldAt = performance.now()
  }

  /** The counter at this moment, once; null when it has to be asked for. */
  take(): number | null {
    const cuts = performance.now() - this.#toldAt <= freshForMs ? this.#cuts : null
    this.#cuts = null
    return cuts
  }
}
