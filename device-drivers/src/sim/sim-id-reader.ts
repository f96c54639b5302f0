import { encodeSamFrame, type SamCommand, samCommands, samPreamble, samStatus } from '../id-reader/sam-frame.ts'
import { argOf, onArg } from './control-args.ts'
import type { ControlVerbs } from './control-port.ts'
import type { PtyPair } from './pty-pair.ts'
import { encodeIdCardText, readSimIdCard, type SimIdCard } from './sim-id-card.ts'
import { SimJournal } from './sim-journal.ts'
import { SimWire } from './sim-wire.ts'

/** From which command on the security module refuses its service; null while it does not. */
type Unauthorised = 'find' | 'select' | null

/** What is wrong with a spoilt answer. */
type Spoilt = 'checksum' | 'half'

/** Something that happened at the simulated reader; of a card only that it was there. */
interface SimIdReaderEvent {
  event: 'card-placed' | 'card-taken' | 'asked'
  command?: SamCommand | 'unknown'
}

/** A simulated reader of second-generation ID cards on a serial line. */
export interface SimIdReader {
  readonly wire: SimWire
  readonly verbs: ControlVerbs
  /** Lays a card down; false when one lies there. */
  placeCard(card: SimIdCard): boolean
  /** Takes the card away; false when there is none. */
  takeCard(): boolean
  setUnauthorised(from: Unauthorised): void
  /** The next so many answers, to one command or to any, have a wrong checksum or break off in the middle. */
  spoil(how: Spoilt, count: number, command?: SamCommand): void
  state(): { cardIn: boolean; unauthorised: Unauthorised } & ReturnType<SimWire['faults']>
  journal(): readonly object[]
  stop(): Promise<void>
}

const photoBytes = 1024
const requestBytes = 10

/** A card's states as the security module sees them: a selected one does not answer "find" until it is taken away. */
type CardStage = 'idle' | 'found' | 'selected'

/** A reader at the far end of a pseudo-terminal. */
export function startSimIdReader(options: { pty: PtyPair; now: () => number; onChange?: () => void }): SimIdReader {
  const reader = new SamReader(options.pty, options.now, options.onChange ?? (() => undefined))
  options.pty.onData((bytes) => reader.hear(bytes))
  return reader
}

class SamReader implements SimIdReader {
  readonly wire: SimWire
  readonly verbs: ControlVerbs
  readonly #pty: PtyPair
  readonly #changed: () => void
  readonly #journal: SimJournal<SimIdReaderEvent>
  #card: { text: Buffer; stage: CardStage } | undefined
  #unauthorised: Unauthorised = null
  #spoil: { how: Spoilt; count: number; command: SamCommand | undefined } | undefined
  #heard: Buffer = Buffer.alloc(0)

  constructor(pty: PtyPair, now: () => number, changed: () => void) {
    this.#pty = pty
    this.#changed = changed
    this.#journal = new SimJournal(now)
    this.wire = new SimWire(pty, changed)
    this.verbs = {
      ...this.wire.verbs,
      'place-card': (args) => {
        const card = readSimIdCard(argOf(args, 'card') ?? args)
        if (card === undefined) return { refusal: 'name-too-long' }
        return this.placeCard(card) ? undefined : { refusal: 'card-lies-there' }
      },
      'take-card': () => (this.takeCard() ? undefined : { refusal: 'no-card' }),
      unauthorise: (args) => this.#unauthorise(args),
      'wrong-checksum': () => this.spoil('checksum', 1),
    }
  }

  placeCard(card: SimIdCard): boolean {
    if (this.#card !== undefined) return false
    this.#card = { text: encodeIdCardText(card), stage: 'idle' }
    this.#journal.note({ event: 'card-placed' })
    this.#changed()
    return true
  }

  takeCard(): boolean {
    if (this.#card === undefined) return false
    this.#card = undefined
    this.#journal.note({ event: 'card-taken' })
    this.#changed()
    return true
  }

  setUnauthorised(from: Unauthorised): void {
    this.#unauthorised = from
    this.#changed()
  }

  spoil(how: Spoilt, count: number, command?: SamCommand): void {
    this.#spoil = { how, count, command }
  }

  state(): ReturnType<SimIdReader['state']> {
    return { cardIn: this.#card !== undefined, unauthorised: this.#unauthorised, ...this.wire.faults() }
  }

  journal(): readonly object[] {
    return this.#journal.entries()
  }

  stop(): Promise<void> {
    return this.#pty.close()
  }

  /** Requests are all of ten bytes; what does not begin one is passed over. */
  hear(bytes: Uint8Array): void {
    if (!this.wire.powered) return
    this.#heard = Buffer.concat([this.#heard, bytes])
    for (;;) {
      const start = this.#heard.indexOf(samPreamble)
      if (start < 0) {
        this.#heard = this.#heard.subarray(-samPreamble.length)
        return
      }
      if (this.#heard.length < start + requestBytes) return
      const request = this.#heard.subarray(start, start + requestBytes)
      this.#heard = this.#heard.subarray(start + requestBytes)
      this.#answer(request)
    }
  }

  #answer(request: Buffer): void {
    const command = (Object.keys(samCommands) as SamCommand[]).find((known) =>
      encodeSamFrame(samCommands[known]).equals(request),
    )
    this.#journal.note({ event: 'asked', command: command ?? 'unknown' })
    const frame = encodeSamFrame(command === undefined ? [0, 0, samStatus.badChecksum] : this.#run(command))
    this.wire.send(this.#spoilIfTold(frame, command))
  }

  #spoilIfTold(frame: Buffer, command: SamCommand | undefined): Uint8Array {
    const spoil = this.#spoil
    if (spoil === undefined || spoil.count === 0) return frame
    if (spoil.command !== undefined && spoil.command !== command) return frame
    spoil.count -= 1
    if (spoil.how === 'half') return frame.subarray(0, frame.length / 2)
    frame.writeUInt8(frame.readUInt8(frame.length - 1) ^ 0xff, frame.length - 1)
    return frame
  }

  #run(command: SamCommand): readonly number[] {
    const card = this.#card
    if (this.#unauthorised === 'find' || (this.#unauthorised === 'select' && command !== 'find'))
      return [0, 0, samStatus.notAuthorised]
    switch (command) {
      case 'find':
        if (card === undefined || card.stage === 'selected') return [0, 0, samStatus.noneFound]
        card.stage = 'found'
        return [0, 0, samStatus.found, 0, 0, 0, 0]
      case 'select':
        if (card?.stage !== 'found') return [0, 0, samStatus.selectFailed]
        card.stage = 'selected'
        return [0, 0, samStatus.done, 0, 0, 0, 0, 0, 0, 0, 0]
      case 'read':
        if (card?.stage !== 'selected') return [0, 0, samStatus.readFailed]
        return [0, 0, samStatus.done, 0x01, 0x00, 0x04, 0x00, ...card.text, ...new Uint8Array(photoBytes)]
      case 'read-new-address':
        return [0, 0, card?.stage === 'selected' ? samStatus.noSuchContent : samStatus.readFailed]
      default:
        throw new TypeError(`unknown command ${JSON.stringify(command satisfies never)}`)
    }
  }

  #unauthorise(args: unknown): unknown {
    const on = onArg(args)
    const from = argOf(args, 'from') ?? 'select'
    if (on === undefined || (from !== 'find' && from !== 'select')) return { refusal: 'from-invalid' }
    this.setUnauthorised(on ? from : null)
    return undefined
  }
}
