import { type KioskClock, nothingScheduled } from '../kit/kiosk-clock.ts'

/** Who is told what was scanned; nothing of it stays here. */
export interface WedgeHearer {
  scanned(text: string): void
  refused(refusal: 'too-long' | 'unreadable'): void
  /** A finger's key, handed on a moment late and in its order. */
  typed(character: string): void
}

/** Shorter bursts are fingers: no code of ours has fewer characters. */
const leastCharacters = 4
/** The longest code that the station takes by call. */
const longestCode = 512
/** Scanners type every 1 to 20 ms, practised fingers every 60 or more. */
const scannerGapMs = 35
/** One key in ten may be late: the browser was busy. */
const steadyShare = 0.9
/** Past this gap a first key is a finger's; nearly twice the gap of the slowest scanner. */
const fingerMs = 60
/** A burst that came as from a scanner is waited for longer, so that a busy browser does not tear it. */
const scannerMs = 300

/**
 * Tells a scanner that types from a person's fingers. Keys are held for a moment: keys that come as only a scanner types, up
 * to Enter, are a code; all others are handed on.
 */
export class WedgeBurst {
  readonly #clock: KioskClock
  readonly #hearer: WedgeHearer
  #text = ''
  #overlong = false
  #gaps = { all: 0, quick: 0 }
  #lastAtMs = 0
  #cancel: () => void = nothingScheduled

  constructor(clock: KioskClock, hearer: WedgeHearer) {
    this.#clock = clock
    this.#hearer = hearer
  }

  /** Whether keys are being held now. */
  get running(): boolean {
    return this.#text !== ''
  }

  /** Holds a character that was pressed at `atMs` of the browser's event clock. */
  hold(character: string, atMs: number): void {
    if (this.running) {
      this.#gaps.all += 1
      if (atMs - this.#lastAtMs < scannerGapMs) this.#gaps.quick += 1
    }
    this.#lastAtMs = atMs
    if (this.#text.length < longestCode) this.#text += character
    else this.#overlong = true
    this.#cancel()
    this.#cancel = this.#clock.after(this.#isScanner() ? scannerMs : fingerMs, () => this.#giveUp())
  }

  /** Enter: true when it ended a code; false when it is a finger's, after whatever was typed before it. */
  end(): boolean {
    if (!this.#isScanner()) {
      this.#giveUp()
      return false
    }
    const text = this.#text
    const overlong = this.#overlong
    this.forget()
    if (overlong) this.#hearer.refused('too-long')
    else if (/^[ -~]+$/.test(text)) this.#hearer.scanned(text)
    else this.#hearer.refused('unreadable')
    return true
  }

  forget(): void {
    this.#cancel()
    this.#text = ''
    this.#overlong = false
    this.#gaps = { all: 0, quick: 0 }
  }

  #isScanner(): boolean {
    const { all, quick } = this.#gaps
    return this.#text.length >= leastCharacters && quick >= Math.ceil(all * steadyShare)
  }

  /** A code that broke off is no typing: its digits would end up in the patient's code. */
  #giveUp(): void {
    const typed = this.#isScanner() ? '' : this.#text
    this.forget()
    for (const character of typed) this.#hearer.typed(character)
  }
}
