/** A round trip of so long keeps the door free for the other calls, which go one after another. */
const wantedMs = 300
const fewest = 50
/** The contract takes no more in one upload. */
const most = 2000
const step = 50
/**
 * Reading a batch and writing it as JSON is one piece of work, half as long again as the reading alone, and whoever taps the screen at that
 * moment waits for it: five milliseconds, which nobody feels.
 */
const mostReadingMs = 3.4
/** Reading fewer would be felt by nobody, and a batch costs the centre two commits: a busy processor must not make it worse. */
const fewestForReading = 500

/** How many events the next upload carries: a little more after a quick one, half after a slow or refused one (AIMD). */
export class BatchSize {
  #size = 500

  get current(): number {
    return this.#size
  }

  /** A full batch took `readingMs` to read, and `tookMs` from sending to the answer. */
  took(tookMs: number, readingMs: number): void {
    if (tookMs > 2 * wantedMs) this.shrink()
    else if (readingMs > mostReadingMs) this.#size = Math.min(this.#size, Math.max(fewestForReading, this.#size - step))
    else if (tookMs < wantedMs) this.#size = Math.min(most, this.#size + step)
  }

  /** The centre was busy, or did not answer. */
  shrink(): void {
    this.#size = Math.max(fewest, Math.floor(this.#size / 2))
  }
}
