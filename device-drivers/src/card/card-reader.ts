import { randomBytes } from 'node:crypto'
import { setImmediate as soon } from 'node:timers/promises'
import { uuidV7 } from '@yizhan/rules/rule/uuid-v7'
import { type DeviceSight, type Driver, type DriverEvent, type Outcome, takesNoCommands } from '../device/driver.ts'
import { cardMark } from './card-mark.ts'
import { cardProfileKeys } from './card-profile-keys.ts'
import { loadCardProfiles, shippedProfilesFile } from './card-profile-set.ts'
import { type CardReaderNews, CardSlot, type HungCard, type SlotDeps } from './card-slot.ts'
import { type OpenedPcsc, openPcsc, type PcscConfig } from './open-pcsc.ts'
import { PcscFault, type ReaderState } from './pcsc-transport.ts'

/** What a card reader's driver process is started with. */
export interface CardReaderHostConfig extends PcscConfig {
  kind: 'card-reader'
  /** Only readers whose names begin so; all without. */
  readers?: readonly string[]
  /** Another signed set of card profiles than the one in the package. */
  profilesFile?: string
  /** Cards that hung the process before this one. */
  leaveAlone?: readonly HungCard[]
  /** Marks of cards that were answered by the process before this one, and the key of all marks, 32 bytes. */
  answered?: { key: Uint8Array; marks: readonly string[] }
}

/** What the driver needs of the machine. */
export interface CardReaderDeps {
  open: (config: PcscConfig, log: (record: object) => void) => Promise<OpenedPcsc>
  profileKeys: readonly string[]
  clock: () => number
  /** A new UUIDv7. */
  newId: () => string
  /** Ends this process at once, whatever its threads do. */
  endProcess: () => void
}

/** The watch tells of every change; a full look this often finds what it missed. */
const auditMs = 30_000

/** The last reader is gone, or the card service, when a second look half a second after the first does not find it either. */
const secondLookMs = 500

/** While something is gone, somebody may be plugging it in just now and stand before it. */
const anxiousLookMs = 2000

const realDeps: CardReaderDeps = {
  open: openPcsc,
  profileKeys: cardProfileKeys,
  clock: () => performance.now(),
  newId: () => uuidV7(Date.now(), randomBytes(10)),
  // Not process.exit: it waits for the threads, and one of them hangs in the native call (measured: not ended after 4 s).
  endProcess: () => process.kill(process.pid, 'SIGKILL'),
}

/**
 * All readers of a station that PC/SC offers, as one device. A card is told of at once, read by its profile, and what it says
 * leaves only as news, never as a log line. What is done about a reader that is stuck, one rung after the other:
 * 1. the exchange has a deadline; past it the card is refused and left alone until it is pulled, its session closed;
 * 2. with a native back end a hung call cannot be ended: the process ends itself, its supervisor starts another within 0.2 s;
 * 3. the card service is watched and connected to again by itself when it is restarted, by its own unit or by staff;
 * 4. a reader that hangs beyond that needs its plug pulled: health says `hung`, `link-lost` or `daemon-down`, staff see it.
 */
export class CardReader implements Driver<never, never, never> {
  readonly kind = 'card-reader'
  readonly #config: CardReaderHostConfig
  readonly #emit: (event: DriverEvent<CardReaderNews>) => void
  readonly #deps: CardReaderDeps
  readonly #slots = new Map<string, CardSlot>()
  /** Readers that went away with a card that had been answered, by its mark. */
  readonly #goneAnswered = new Map<string, string>()
  readonly #markKey: Uint8Array
  readonly #opened: Promise<void>
  #slotDeps: SlotDeps | undefined
  #leftAlone: readonly HungCard[]
  #transport: OpenedPcsc | undefined
  #watch: { stop(): Promise<void> } | undefined
  #nextLook: NodeJS.Timeout | undefined
  #looking: Promise<unknown> = Promise.resolve()
  #reports = 0
  /** The most readers that were there at once. */
  #mostReaders = 0
  /** Since when no reader was seen, or the card service did not answer. */
  #missedSince: number | undefined
  #downReason: 'daemon-down' | 'protocol' | undefined
  #lastSight: DeviceSight = { phase: 'opening', reasons: [] }
  #isHung = false
  #isClosing = false

  constructor(
    config: CardReaderHostConfig,
    emit: (event: DriverEvent<CardReaderNews>) => void,
    deps: CardReaderDeps = realDeps,
  ) {
    this.#config = config
    this.#emit = emit
    this.#deps = deps
    this.#leftAlone = config.leaveAlone ?? []
    this.#markKey = config.answered?.key ?? randomBytes(32)
    this.#opened = this.#open()
  }

  submit(): Promise<Outcome<never>> {
    return takesNoCommands('a card reader')
  }

  async close(): Promise<void> {
    this.#isClosing = true
    await this.#opened
    clearTimeout(this.#nextLook)
    await this.#watch?.stop()
  }

  async #open(): Promise<void> {
    this.#tellSight({ phase: 'opening', reasons: [] })
    const loaded = await loadCardProfiles(this.#config.profilesFile ?? shippedProfilesFile, this.#deps.profileKeys)
    if (!loaded.ok) {
      this.#log({ event: 'card-profiles-refused', error: loaded.error, detail: loaded.detail })
      this.#tellSight({ phase: 'fault', reasons: ['config-mismatch'] })
      return
    }
    const transport = await this.#deps.open(this.#config, (record) => this.#log(record))
    this.#transport = transport
    this.#slotDeps = {
      transport,
      profiles: loaded.profiles,
      clock: this.#deps.clock,
      newId: this.#deps.newId,
      markOf: (identity) => cardMark(this.#markKey, identity),
      tell: (news) => this.#emit({ kind: 'news', news }),
      look: () => this.#look(),
      isAnotherFirst: (slot) => [...this.#slots.values()].some((other) => other !== slot && other.isTaken),
      onHang: (fault) => void this.#cureHang(fault),
      onExchanged: () => this.#noteExchanged(),
      isLeftAlone: ({ name, eventCounter }) =>
        this.#leftAlone.some((card) => card.readerName === name && card.eventCounter === eventCounter),
    }
    if (this.#isClosing) return
    this.#watch = transport.watch({
      onReaders: (readers) => this.#see(readers),
      onDown: (fault) => this.#goDown(fault),
    })
  }

  #see(all: readonly ReaderState[]): void {
    this.#reports += 1
    this.#downReason = undefined
    const { readers: prefixes } = this.#config
    const readers = all.filter(
      ({ name }) => prefixes === undefined || prefixes.some((prefix) => name.startsWith(prefix)),
    )
    const names = new Set(readers.map(({ name }) => name))
    for (const slot of this.#slots.values()) if (!names.has(slot.name)) this.#drop(slot)
    // Cards that are out first: one that came into another reader meanwhile does not wait for them.
    for (const state of readers.toSorted((a, b) => Number(a.card !== 'absent') - Number(b.card !== 'absent')))
      this.#slotOf(state.name)?.see(state)
    for (const slot of this.#slots.values()) slot.readWaiting()
    // Only what was in when this process began can be the card that hung the last one: a reader plugged in anew counts from zero.
    this.#leftAlone = []
    this.#mostReaders = Math.max(this.#mostReaders, readers.length)
    if (readers.length > 0) this.#missedSince = undefined
    else this.#missedSince ??= this.#deps.clock()
    this.#tellSight(this.#sight())
    this.#planLook()
  }

  #slotOf(name: string): CardSlot | undefined {
    const known = this.#slots.get(name)
    if (known !== undefined || this.#slotDeps === undefined) return known
    const slot = new CardSlot(name, this.#slotDeps, this.#answeredBefore(name))
    this.#slots.set(name, slot)
    return slot
  }

  /** What may lie in a reader that is seen for the first time: left by the process before this one, or when the reader went away. */
  #answeredBefore(name: string): readonly string[] {
    const gone = this.#goneAnswered.get(name)
    this.#goneAnswered.delete(name)
    if (gone !== undefined) return [gone]
    return this.#reports === 1 ? (this.#config.answered?.marks ?? []) : []
  }

  #drop(slot: CardSlot): void {
    this.#slots.delete(slot.name)
    if (slot.answered !== undefined) this.#goneAnswered.set(slot.name, slot.answered)
    slot.vanish()
  }

  #goDown({ reason }: PcscFault): void {
    this.#downReason = reason === 'protocol' ? 'protocol' : 'daemon-down'
    this.#isHung = false
    for (const slot of this.#slots.values()) this.#drop(slot)
    this.#tellSight(this.#sight())
    this.#planLook()
  }

  /** Asks for all readers anew. An answer that something newer overtook is dropped. */
  #look(): Promise<boolean> {
    const turn = this.#looking.then(() => this.#lookNow())
    this.#looking = turn
    return turn
  }

  async #lookNow(): Promise<boolean> {
    const asked = this.#reports
    try {
      const readers = await this.#transport?.audit()
      if (this.#isClosing || readers === undefined) return false
      if (asked === this.#reports) this.#see(readers)
      return true
    } catch (fault) {
      if (!(fault instanceof PcscFault)) throw fault
      this.#missedSince ??= this.#deps.clock()
      if (this.#isGone()) this.#goDown(fault)
      else this.#planLook()
      return false
    }
  }

  #planLook(): void {
    clearTimeout(this.#nextLook)
    if (this.#isClosing) return
    this.#nextLook = setTimeout(() => void this.#look(), this.#nextLookMs())
  }

  #nextLookMs(): number {
    if (this.#downReason !== undefined || this.#isGone()) return anxiousLookMs
    return this.#missedSince === undefined ? auditMs : secondLookMs
  }

  #isGone(): boolean {
    return this.#missedSince !== undefined && this.#deps.clock() - this.#missedSince >= secondLookMs
  }

  async #cureHang(fault: PcscFault): Promise<void> {
    if (this.#transport?.backend === 'direct') {
      this.#isHung = true
      this.#tellSight(this.#sight())
      return
    }
    this.#log({ event: 'driver-ends-itself', fault: fault.message })
    // What was told is on its way to the station by then.
    await soon()
    this.#deps.endProcess()
  }

  #noteExchanged(): void {
    if (!this.#isHung) return
    this.#isHung = false
    this.#tellSight(this.#sight())
  }

  #sight(): DeviceSight {
    if (this.#downReason !== undefined) return { phase: 'fault', reasons: [this.#downReason] }
    if (this.#isGone()) return { phase: 'absent', reasons: ['link-lost'] }
    if (this.#isHung) return { phase: 'degraded', reasons: ['hung'] }
    if (this.#slots.size === 0) return this.#lastSight
    // The others still serve, but whoever holds the lost one's kind of card stands before a dead slot.
    return this.#slots.size < this.#mostReaders
      ? { phase: 'degraded', reasons: ['link-lost'] }
      : { phase: 'ready', reasons: [] }
  }

  #log(record: object): void {
    this.#emit({ kind: 'news', news: { kind: 'log', record } })
  }

  #tellSight(sight: DeviceSight): void {
    this.#lastSight = sight
    this.#emit({ kind: 'sight', sight })
  }
}
