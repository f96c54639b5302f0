import { encodeReader, readerBits } from '../card/pcsc-wire.ts'
import { cardUse } from '../card/pcsc-words.ts'
import type { SimCard } from './sim-card.ts'

/** What may go wrong in a reader: no answer ever, a late one, or one cut off after some bytes that still claims success. */
export type SimReaderFault =
  | { kind: 'none' }
  | { kind: 'hang' }
  | { kind: 'slow'; ms: number }
  | { kind: 'cut'; bytes: number }

/** How an exchange with the card ended; `pulled` is a card taken out in the middle, `lost` a reader unplugged in the middle. */
export type SimExchange = { kind: 'answer'; bytes: Uint8Array } | { kind: 'pulled' } | { kind: 'lost' }

/** The transmission protocol that a card offers first (ISO 7816-3: the low half of TD1, T=0 without one). */
export function protocolOfAtr(atr: Uint8Array): number {
  const t0 = atr[1] ?? 0
  const before = [0x10, 0x20, 0x40].filter((bit) => (t0 & bit) !== 0).length
  const td1 = (t0 & 0x80) === 0 ? 0 : (atr[2 + before] ?? 0)
  return (td1 & 0x0f) === 1 ? cardUse.protocolT1 : cardUse.protocolT0
}

/** One reader of the simulated card service, with or without a card in it. */
export class SimReader {
  readonly name: string
  fault: SimReaderFault = { kind: 'none' }
  eventCounter = 0
  #card: SimCard | undefined
  #powered = false
  #insertion = 0
  #interrupt: ((how: 'pulled' | 'lost') => void) | undefined
  #turn: Promise<unknown> = Promise.resolve()

  constructor(name: string) {
    this.name = name
  }

  get card(): 'absent' | 'present' | 'mute' {
    if (this.#card === undefined) return 'absent'
    return this.#card.atr.length === 0 ? 'mute' : 'present'
  }

  /** Which insertion the card in the reader came with; a connection holds for that one only. */
  get insertion(): number {
    return this.#insertion
  }

  get atr(): Uint8Array {
    return this.#card?.atr ?? new Uint8Array()
  }

  insert(card: SimCard): void {
    this.#card = card
    this.#insertion += 1
    this.eventCounter += 1
    this.#powered = false
    this.power()
  }

  remove(how: 'pulled' | 'lost' = 'pulled'): boolean {
    if (this.#card === undefined) return false
    this.#card = undefined
    this.#powered = false
    this.#insertion += 1
    this.eventCounter += 1
    this.#interrupt?.(how)
    return true
  }

  /** Unplugged: whatever runs ends. */
  unplug(): void {
    this.remove('lost')
  }

  /** The daemon died and came back: whatever ran is over, events count from zero, a card is powered anew. */
  restart(): void {
    this.#interrupt?.('lost')
    this.eventCounter = 0
    this.#insertion += 1
    this.#powered = false
    if (this.#card !== undefined) this.power()
  }

  power(): void {
    if (this.#powered) return
    this.#card?.powerUp()
    this.#powered = true
  }

  unpower(): void {
    this.#powered = false
  }

  /** Waits until no exchange runs: pcscd serves a reader to one client at a time, and a hung card holds all the others up. */
  async idle(): Promise<void> {
    await this.#turn
  }

  /** Sends an APDU to the card, when those before it are through. */
  transmit(apdu: Uint8Array, insertion: number): Promise<SimExchange> {
    const exchange = this.#turn.then(() => this.#exchange(apdu, insertion))
    this.#turn = exchange
    return exchange
  }

  /** The reader as pcscd's table shows it. */
  encode(): Buffer {
    const bits = {
      absent: readerBits.absent,
      mute: readerBits.present | readerBits.swallowed,
      present: readerBits.present | readerBits.powered | readerBits.negotiable,
    }[this.card]
    const protocol = this.card === 'present' ? protocolOfAtr(this.atr) : 0
    return encodeReader({ name: this.name, bits, atr: this.atr, eventCounter: this.eventCounter, protocol })
  }

  #exchange(apdu: Uint8Array, insertion: number): Promise<SimExchange> {
    return new Promise((resolve) => {
      let timer: NodeJS.Timeout | undefined
      const end = (exchange: SimExchange) => {
        clearTimeout(timer)
        this.#interrupt = undefined
        resolve(exchange)
      }
      if (this.#card === undefined || this.#insertion !== insertion) return end({ kind: 'pulled' })
      this.#interrupt = (kind) => end({ kind })
      if (this.fault.kind === 'hang') return
      const bytes = this.#card.answer(apdu)
      if (bytes === 'hang') return
      const cut = this.fault.kind === 'cut' ? bytes.subarray(0, this.fault.bytes) : bytes
      if (this.fault.kind === 'slow') timer = setTimeout(() => end({ kind: 'answer', bytes: cut }), this.fault.ms)
      else end({ kind: 'answer', bytes: cut })
    })
  }
}
