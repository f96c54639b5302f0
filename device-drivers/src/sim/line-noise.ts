/** Noise on a line, decided by a seed, so that a fault seen once can be seen again (mulberry32, period 2^32). */
export class LineNoise {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  seed(seed: number): void {
    this.#state = seed >>> 0
  }

  bytes(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => this.#next() & 0xff)
  }

  #next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
}
