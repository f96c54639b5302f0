import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { DeviceReason } from '@yizhan/contracts/device'
import { uuidV7 } from '@yizhan/rules/rule/uuid-v7'
import type { CardNews } from '../card/card-news.ts'
import { type ByteLink, type LinkAddress, LinkFault } from '../device/byte-link.ts'
import { type DeviceSight, type Driver, type DriverEvent, type Outcome, takesNoCommands } from '../device/driver.ts'
import { startKeptLink } from '../device/kept-link.ts'
import { type SamCommand, samStatus } from './sam-frame.ts'
import { isCardFelt, isStatus, readSamCard } from './sam-reading.ts'
import { type SamAnswer, SamSession } from './sam-session.ts'

/** What an ID reader's driver process is started with. */
export interface IdReaderHostConfig {
  kind: 'id-reader'
  link: LinkAddress
}

/** A card laid down is noticed within a third of a second, little beside the second that reading it takes the reader. */
const pollMs = 300

/** One missed answer may be a disturbed line; a card that is not felt once may lie askew. */
const missesAllowed = 1

/** One card from when it was laid down: whether its outcome was told, and how often in a row it was not felt. */
interface Reading {
  readingId: string
  told: boolean
  unfelt: number
}

/** One reader of second-generation ID cards: keeps the link, looks for a card, reads it once while it lies there. It takes no commands. */
export class SamIdReader implements Driver<never, never, never> {
  readonly kind = 'id-reader'
  readonly #emit: (event: DriverEvent<CardNews>) => void
  readonly #life: { stop(): Promise<void> }
  #session: SamSession | undefined
  #lastSight = ''
  #silences = 0
  #unauthorisedAt: SamCommand | undefined
  #reading: Reading | undefined

  constructor(config: IdReaderHostConfig, emit: (event: DriverEvent<CardNews>) => void) {
    this.#emit = emit
    this.#life = startKeptLink({
      address: config.link,
      onData: (bytes) => this.#session?.receive(bytes),
      onUp: (link) => this.#startPolling(link),
      onDown: () => this.#loseReader(),
      tell: (sight) => this.#tell(sight),
    })
  }

  submit(): Promise<Outcome<never>> {
    return takesNoCommands('an ID reader')
  }

  async close(): Promise<void> {
    await this.#life.stop()
  }

  #startPolling(link: ByteLink): void {
    const session = new SamSession(link)
    this.#session = session
    const over = new AbortController()
    void link.closed.then(() => over.abort())
    void this.#poll(link, session, over.signal)
  }

  async #poll(link: ByteLink, session: SamSession, over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      try {
        if (this.#reading === undefined) await this.#lookForCard(session)
        else await this.#feelCard(session, this.#reading)
      } catch (fault) {
        if (!(fault instanceof LinkFault)) throw fault
        link.destroy()
      }
      await sleep(pollMs, undefined, { signal: over }).catch(() => undefined)
    }
  }

  async #lookForCard(session: SamSession): Promise<void> {
    const answer = await this.#ask(session, 'find')
    if (!isStatus(answer, samStatus.found)) return
    const reading: Reading = { readingId: uuidV7(Date.now(), randomBytes(10)), told: false, unfelt: 0 }
    this.#reading = reading
    this.#news({ kind: 'card-inserted', readingId: reading.readingId })
    const result = await readSamCard((command) => this.#ask(session, command))
    // A link that ended in the middle has told of the reader's loss already.
    if (this.#reading !== reading) return
    const { readingId } = reading
    if ('identity' in result) this.#news({ kind: 'card-read', readingId, identity: result.identity })
    else this.#news({ kind: 'card-refused', readingId, problem: result.problem })
    reading.told = true
  }

  async #feelCard(session: SamSession, reading: Reading): Promise<void> {
    const felt = await isCardFelt((command) => this.#ask(session, command))
    if (felt === undefined) return
    reading.unfelt = felt ? 0 : reading.unfelt + 1
    if (reading.unfelt > missesAllowed) this.#endReading(reading)
  }

  /** Asks, and tells what the answer says of the reader. */
  async #ask(session: SamSession, command: SamCommand): Promise<SamAnswer> {
    const answer = await session.ask(command)
    if (answer.kind === 'silent') {
      this.#silences += 1
      if (this.#silences > missesAllowed) this.#tellFault('mute')
      return answer
    }
    this.#silences = 0
    if (answer.kind === 'garbled') this.#tellFault('protocol')
    else if (answer.kind === 'answered') this.#judge(command, answer.status)
    return answer
  }

  /** A module that refuses one command is at fault until it takes the same again: it may still answer the others. */
  #judge(command: SamCommand, status: number): void {
    if (status === samStatus.notAuthorised) this.#unauthorisedAt = command
    else if (command === this.#unauthorisedAt) this.#unauthorisedAt = undefined
    if (status === samStatus.selfTestFailed) this.#tellFault('unrecoverable')
    else if (this.#unauthorisedAt !== undefined) this.#tellFault('not-authorised')
    else this.#tell({ phase: 'ready', reasons: [] })
  }

  #loseReader(): void {
    this.#session = undefined
    this.#silences = 0
    const reading = this.#reading
    if (reading === undefined) return
    const { readingId, told } = reading
    if (!told) this.#news({ kind: 'card-refused', readingId, problem: 'reader-lost' })
    this.#endReading(reading)
  }

  #endReading({ readingId }: Reading): void {
    this.#reading = undefined
    this.#news({ kind: 'card-removed', readingId })
  }

  #news(news: CardNews): void {
    this.#emit({ kind: 'news', news })
  }

  #tellFault(reason: DeviceReason): void {
    this.#tell({ phase: 'fault', reasons: [reason] })
  }

  /** Each poll sees the same again; only a change is worth a message. */
  #tell(sight: DeviceSight): void {
    const text = JSON.stringify(sight)
    if (text === this.#lastSight) return
    this.#lastSight = text
    this.#emit({ kind: 'sight', sight })
  }
}
