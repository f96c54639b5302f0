/** The memory of a journal: a drill's last hours. */
const journalLength = 10_000

/** What happened at a simulated device, oldest first, with times; never what a real person's card says, for there is none. */
export class SimJournal<Event extends { event: string }> {
  readonly #now: () => number
  #entries: (Event & { at: number })[] = []

  constructor(now: () => number) {
    this.#now = now
  }

  note(event: Event): void {
    if (this.#entries.length >= journalLength * 2) this.#entries = this.#entries.slice(-journalLength)
    this.#entries.push({ at: this.#now(), ...event })
  }

  entries(): readonly (Event & { at: number })[] {
    return this.#entries
  }
}
