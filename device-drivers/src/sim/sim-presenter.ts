/** A simulated presenter: a mouth for one slip, and a bin for those that were drawn back. */
export class SimPresenter {
  readonly #changed: () => void
  #inMouth = false
  #stuck = false
  #inBin = 0
  #binHolds: number

  /** `binHolds`: how many slips go into the bin before it is full. */
  constructor(binHolds: number, changed: () => void) {
    this.#binHolds = binHolds
    this.#changed = changed
  }

  get ticketInMouth(): boolean {
    return this.#inMouth
  }

  /** Slips drawn back into the bin so far. */
  get binned(): number {
    return this.#inBin
  }

  get binFull(): boolean {
    return this.#inBin >= this.#binHolds
  }

  /** A hand takes the slip, a stuck one too. */
  takeTicket(): void {
    this.#stuck = false
    this.#setMouth(false)
  }

  /** The slip in the mouth moves neither in nor out, until a hand pulls it. */
  setStuck(stuck: boolean): void {
    this.#stuck = stuck
  }

  /** Somebody empties the bin. */
  emptyBin(): void {
    this.#inBin = 0
    this.#changed()
  }

  /** The bin takes nothing more until it is emptied. */
  fillBin(): void {
    this.#inBin = Math.max(this.#inBin, this.#binHolds)
    this.#changed()
  }

  /** GS e: a full bin leaves the slip where it is. */
  obey(does: 'present' | 'retract' | 'eject', hasSlip: boolean): void {
    if (does === 'present') {
      this.#setMouth(this.#inMouth || hasSlip)
    } else if (this.#inMouth && !this.#stuck && !(does === 'retract' && this.binFull)) {
      if (does === 'retract') this.#inBin += 1
      this.#setMouth(false)
    }
  }

  #setMouth(inMouth: boolean): void {
    this.#inMouth = inMouth
    this.#changed()
  }
}
