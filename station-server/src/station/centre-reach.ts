/** Whether the centre answers, since when, and who wants to know. */
export class CentreReach {
  #reachable = false
  #since: number
  readonly #now: () => number
  readonly #listeners = new Set<() => void>()

  constructor(now: () => number) {
    this.#now = now
    this.#since = now()
  }

  /** Calls on every change. */
  listen(listener: () => void): void {
    this.#listeners.add(listener)
  }

  /** The state as a screen shows it. */
  get state(): { reachable: boolean; since: number } {
    return { reachable: this.#reachable, since: this.#since }
  }

  /** Notes whether the last call was answered; tells only of changes. */
  note(reachable: boolean): void {
    if (reachable === this.#reachable) return
    this.#reachable = reachable
    this.#since = this.#now()
    for (const listener of this.#listeners) listener()
  }
}
