import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { CardProblem } from '@yizhan/contracts/card'
import type { CardIdentity, CardNews } from './card-news.ts'
import type { CardProfile } from './card-profile.ts'
import {
  type CardSession,
  PcscFault,
  type PcscFaultReason,
  type PcscTransport,
  type ReaderState,
} from './pcsc-transport.ts'
import { type CardReading, readCard } from './read-card.ts'

/** An exchange with this card, told by its reader and insertion, never ended. */
export interface HungCard {
  kind: 'card-hung'
  readerName: string
  eventCounter: number
}

/** A line for the station's log; nothing of any patient. */
export interface CardReaderRecord {
  kind: 'log'
  record: object
}

/** What a card reader's process tells its station: the news, what is for its log, and what is for its next start. */
export type CardReaderNews = CardNews | HungCard | CardReaderRecord

/** What the slots of a driver share. */
export interface SlotDeps {
  transport: PcscTransport
  profiles: readonly CardProfile[]
  clock: () => number
  newId: () => string
  /** A keyed hash by which a card is known again. */
  markOf: (identity: CardIdentity) => string
  tell: (news: CardReaderNews) => void
  /** Looks at all readers anew, which ends the readings of cards that are gone; false when the card service does not answer. */
  look: () => Promise<boolean>
  /** Whether a card that came earlier lies in another reader. */
  isAnotherFirst: (slot: CardSlot) => boolean
  /** An exchange with the card never ended, or one ended again. */
  onHang: (fault: PcscFault) => void
  onExchanged: () => void
  /** Whether this card hung the process before this one; it is left alone until it is pulled. */
  isLeftAlone: (state: ReaderState) => boolean
}

/** Powering up a card takes at most 1 s by ISO 7816-3 practice (readers: 0.2 to 0.5 s). */
const connectMs = 1000

/** A second try cures a contact that bounces, or a card that was powered before it lay quite in; a third is a bad card. */
const maxTries = 2

/** A hand has pushed the card home by then, and the person still sees an answer within a second. */
const secondTryAfterMs = 200

interface Reading {
  id: string
  /** `waiting` for the card in another reader to be pulled. */
  stage: 'running' | 'waiting' | 'told'
  /** Nobody has heard of it. */
  isQuiet: boolean
}

type Verdict = Extract<CardReading, { ok: true }> | { ok: false; problem: CardProblem }

/** One reader, and the reading of the card in it. A reading is told as inserted, then as read or refused, then as removed. */
export class CardSlot {
  readonly name: string
  readonly #deps: SlotDeps
  #state: ReaderState
  #reading: Reading | undefined
  #running: Promise<void> = Promise.resolve()
  /** Marks of cards that were answered before this slot began; one that still lies here is nobody's until it is put in anew. */
  #answeredBefore: readonly string[]
  /** The reader's event count when it was first seen. */
  #firstCounter: number | undefined
  /** The mark of the card in it, once it was read. */
  #mark: string | undefined

  constructor(name: string, deps: SlotDeps, answeredBefore: readonly string[]) {
    this.name = name
    this.#deps = deps
    this.#answeredBefore = answeredBefore
    this.#state = { name, card: 'absent', atr: new Uint8Array(), eventCounter: 0 }
  }

  /** Whether its card keeps others waiting: one that gives no sign, or waits itself, does not. */
  get isTaken(): boolean {
    return this.#reading !== undefined && this.#reading.stage !== 'waiting' && this.#state.card === 'present'
  }

  /** The mark of a card that was read and has not been seen to leave. */
  get answered(): string | undefined {
    return this.#mark
  }

  /** Takes in how the reader is now. */
  see(state: ReaderState): void {
    const before = this.#state
    this.#state = state
    this.#firstCounter ??= state.eventCounter
    // Out and in again between two looks: what lies there now was put in anew.
    if (state.eventCounter !== this.#firstCounter) this.#answeredBefore = []
    if (state.card === 'absent') this.#seeOut()
    else if (this.#reading === undefined) this.#begin()
    else this.#seeAgain(this.#reading, before)
  }

  #seeOut(): void {
    this.#end('removed-early')
    this.#answeredBefore = []
    this.#mark = undefined
  }

  #seeAgain(reading: Reading, before: ReaderState): void {
    // A running reading sees by the counter that its card was out meanwhile, and begins again by itself.
    if (this.#state.eventCounter === before.eventCounter || reading.stage === 'running') return
    this.#seeOut()
    this.#begin()
  }

  /** The reader, or the whole card service, is gone. */
  vanish(): void {
    this.#end('reader-lost')
  }

  /** Begins, as a new reading, what had to wait for another card that is out by now. */
  readWaiting(): void {
    if (this.#reading?.stage !== 'waiting' || this.#deps.isAnotherFirst(this)) return
    this.#end('two-cards')
    this.#begin()
  }

  #begin(): void {
    // What lies there at first sight may have been answered before: nobody hears of it until it is known to be another card.
    const reading: Reading = { id: this.#deps.newId(), stage: 'running', isQuiet: this.#answeredBefore.length > 0 }
    this.#reading = reading
    if (!reading.isQuiet) this.#deps.tell({ kind: 'card-inserted', readingId: reading.id })
    if (this.#deps.isLeftAlone(this.#state)) this.#refuse(reading, 'unreadable')
    else if (this.#deps.isAnotherFirst(this)) {
      this.#refuse(reading, 'two-cards')
      reading.stage = 'waiting'
    }
    // One after the other: a reading that is void may still be in the middle of an exchange.
    else this.#running = this.#running.then(() => this.#run(reading))
  }

  /** Ends the reading, if there is one; one that was not told yet is refused for this reason. */
  #end(problem: CardProblem): void {
    const reading = this.#reading
    if (reading === undefined) return
    if (reading.stage === 'running' && !reading.isQuiet) this.#refuse(reading, problem)
    this.#reading = undefined
    if (!reading.isQuiet) this.#deps.tell({ kind: 'card-removed', readingId: reading.id })
  }

  #refuse(reading: Reading, problem: CardProblem): void {
    this.#speakUp(reading)
    reading.stage = 'told'
    this.#deps.tell({ kind: 'card-refused', readingId: reading.id, problem })
  }

  async #run(reading: Reading): Promise<void> {
    for (let tries = 1; this.#isRunning(reading); tries += 1) {
      const { eventCounter } = this.#state
      const attempt = await this.#attempt()
      if (!this.#isRunning(reading)) return
      const verdict = await this.#judge(attempt, eventCounter, tries === maxTries)
      if (!this.#isRunning(reading)) return
      if (verdict === 'again') await sleep(secondTryAfterMs)
      else this.#tellVerdict(reading, verdict)
    }
  }

  /** What is to be told of an attempt that began with this event counter. Only a card that never left its reader is believed. */
  async #judge(attempt: CardReading | PcscFault, eventCounter: number, isLast: boolean): Promise<Verdict | 'again'> {
    if (attempt instanceof PcscFault && attempt.reason === 'timeout') {
      this.#noteHung(attempt)
      return { ok: false, problem: 'unreadable' }
    }
    if (!(await this.#deps.look())) return { ok: false, problem: 'reader-lost' }
    const isSame = this.#state.eventCounter === eventCounter
    if (!isSame) return isLast ? { ok: false, problem: 'removed-early' } : 'again'
    if (!(attempt instanceof PcscFault)) return attempt
    const { problem, isFinal } = faultMeanings[attempt.reason]
    return isFinal || isLast ? { ok: false, problem } : 'again'
  }

  #isRunning(reading: Reading): boolean {
    return this.#reading === reading && reading.stage === 'running'
  }

  #tellVerdict(reading: Reading, verdict: Verdict): void {
    if (!verdict.ok) {
      if (verdict.problem === 'unknown-card') this.#deps.tell(unmatched(this.#state.atr))
      this.#refuse(reading, verdict.problem)
      return
    }
    reading.stage = 'told'
    this.#mark = this.#deps.markOf(verdict.identity)
    if (this.#answeredBefore.includes(this.#mark)) return
    this.#speakUp(reading)
    this.#deps.tell({ kind: 'card-read', readingId: reading.id, identity: verdict.identity })
  }

  /** Tells of a reading that was begun quietly: it is not of the card that was answered before. */
  #speakUp(reading: Reading): void {
    if (reading.isQuiet) this.#deps.tell({ kind: 'card-inserted', readingId: reading.id })
    reading.isQuiet = false
  }

  /** The card is not asked again until it was pulled: it would hang again. */
  #noteHung(fault: PcscFault): void {
    this.#deps.tell({ kind: 'card-hung', readerName: this.name, eventCounter: this.#state.eventCounter })
    this.#deps.onHang(fault)
  }

  /** One fresh go at the card, from power-up on. */
  async #attempt(): Promise<CardReading | PcscFault> {
    const { transport, profiles, clock } = this.#deps
    let session: CardSession | undefined
    try {
      session = await transport.connect(this.name, { timeoutMs: connectMs })
      const reading = await readCard(session, profiles, clock)
      this.#deps.onExchanged()
      return reading
    } catch (fault) {
      if (!(fault instanceof PcscFault)) throw fault
      // A hung session is not waited for either: closing it may hang as well.
      if (fault.reason === 'timeout') session = undefined
      return fault
    } finally {
      await session?.close()
    }
  }
}

/** What a fault means for the person, and whether a second try is useless. */
const faultMeanings: Record<PcscFaultReason, { problem: CardProblem; isFinal: boolean }> = {
  'card-mute': { problem: 'upside-down', isFinal: false },
  'card-removed': { problem: 'unreadable', isFinal: false },
  'card-shared': { problem: 'unreadable', isFinal: false },
  protocol: { problem: 'unreadable', isFinal: false },
  timeout: { problem: 'unreadable', isFinal: true },
  // A reader that is really gone took its slot with it; one that is still there was only lost sight of.
  'reader-lost': { problem: 'reader-lost', isFinal: false },
  'daemon-down': { problem: 'reader-lost', isFinal: true },
}

/** Cards of one kind have one hash, so that a hospital learns which kind it lacks; the ATR itself can hold the chip's own number. */
function unmatched(atr: Uint8Array): CardReaderRecord {
  const atrHash = createHash('sha256').update(atr).digest('hex').slice(0, 16)
  return { kind: 'log', record: { event: 'card-unmatched', atrHash } }
}
