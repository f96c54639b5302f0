import { type PrinterOrder, readOrder } from './escpos-commands.ts'
import { PageComposer, type PrintedLine } from './escpos-decode.ts'
import { SimPresenter } from './sim-presenter.ts'
import { PrinterFaults } from './sim-printer-faults.ts'
import { automaticStatus, orderedStatus, type PrinterSensors, realTimeAnswer } from './sim-printer-status.ts'

/** One piece of paper that the knife separated. `partial`: a slip on it was broken off by power loss or a clear. */
export interface CutSlip {
  slipId: string
  cutAtMs: number
  partial: boolean
  lines: PrintedLine[]
}

/** What a person sees when standing before the printer. */
export interface PrinterBodyView {
  powered: boolean
  coverOpen: boolean
  cutterJammed: boolean
  offline: boolean
  unrecoverable: boolean
  paperMm: number
  nearEnd: boolean
  printing: boolean
  speedMmPerS: number
  cuts: number
  /** Null where the model has no presenter. */
  presenter: { ticketInMouth: boolean; binned: number; binFull: boolean } | null
  faults: ReturnType<PrinterFaults['view']>
}

/** How the printer is built and loaded. */
export interface PrinterBodyOptions {
  widthDots: number
  /** Millimetres a second; `Infinity` prints at once. */
  speedMmPerS: number
  paperMm: number
  now: () => number
  /** Orders that this model does not know: it swallows them. */
  unknownOrders?: readonly PrinterOrder['kind'][]
  /** Builds it with a presenter whose bin holds this many slips. */
  presenterBinHolds?: number
  /** Bytes to whoever is connected. */
  reply: (bytes: Uint8Array) => void
  /** Something visible changed. */
  changed: () => void
}

/** The receive buffer of common models; a sender is held back when it is full. */
const bufferBytes = 4096

/** The near-end sensor of common models sits this many millimetres of paper before the end. */
const nearEndMm = 3000

const dotsPerMm = 8
/** GS g 2: the cuts since manufacture, and those since somebody reset the counter, which nobody does here. */
const cutCounters = [178, 50]

/**
 * The inside of an ESC/POS printer: receive buffer, print head at a speed, paper, cover, knife, status. Orders are carried out
 * in sequence and take their mechanical time; real-time questions are answered on arrival, also while it cannot print.
 */
export class PrinterBody {
  readonly #options: PrinterBodyOptions
  readonly #composer: PageComposer
  readonly journal: CutSlip[] = []
  /** What can be wrong with its answers. */
  readonly faults: PrinterFaults
  /** The mouth and the hand before it; undefined where the model has none. */
  readonly presenter: SimPresenter | undefined
  #buffer = Buffer.alloc(0)
  #lines: PrintedLine[] = []
  #brokenOff = false
  #owedMs = 0
  #timer: NodeJS.Timeout | undefined
  #realTime: number[] = []
  #automaticStatus = false
  #lastStatus = ''
  #powered = true
  #coverOpen = false
  #cutterJammed = false
  #offlineAlone = false
  #unrecoverable = false
  #paperMm: number
  #speedMmPerS: number
  #cuts = 0
  #room: () => void = () => undefined

  constructor(options: PrinterBodyOptions) {
    this.#options = options
    this.#composer = new PageComposer(options.widthDots)
    this.#paperMm = options.paperMm
    this.#speedMmPerS = options.speedMmPerS
    this.faults = new PrinterFaults((bytes) => {
      if (this.#powered) options.reply(bytes)
    })
    const binHolds = options.presenterBinHolds
    this.presenter = binHolds === undefined ? undefined : new SimPresenter(binHolds, () => options.changed())
  }

  view(): PrinterBodyView {
    return {
      powered: this.#powered,
      coverOpen: this.#coverOpen,
      cutterJammed: this.#cutterJammed,
      offline: this.#offline,
      unrecoverable: this.#unrecoverable,
      paperMm: Math.max(0, Math.round(this.#paperMm)),
      nearEnd: this.#nearEnd,
      printing: this.#timer !== undefined,
      speedMmPerS: this.#speedMmPerS,
      cuts: this.#cuts,
      presenter: this.#viewPresenter(),
      faults: this.faults.view(),
    }
  }

  #viewPresenter(): PrinterBodyView['presenter'] {
    if (this.presenter === undefined) return null
    const { ticketInMouth, binned, binFull } = this.presenter
    return { ticketInMouth, binned, binFull }
  }

  /** Takes bytes; false when the buffer is full, then `room` is called once there is space again. */
  receive(bytes: Uint8Array, room: () => void): boolean {
    if (!this.#powered) return true
    for (const byte of bytes) this.#watchRealTime(byte)
    this.#buffer = Buffer.concat([this.#buffer, bytes])
    this.#run()
    this.#room = room
    return this.#buffer.length < bufferBytes
  }

  setPower(on: boolean): void {
    if (on === this.#powered) return
    this.#powered = on
    this.#forget()
    this.#automaticStatus = false
    this.#notice()
  }

  setCover(open: boolean): void {
    this.#coverOpen = open
    this.#notice()
  }

  /** Takes the paper out, or puts a roll of this length in. */
  setPaper(mm: number): void {
    this.#paperMm = mm
    this.#notice()
  }

  setCutterJammed(jammed: boolean): void {
    this.#cutterJammed = jammed
    this.#notice()
  }

  /** Offline without a word of why, as by its own off-line button. */
  setOffline(offline: boolean): void {
    this.#offlineAlone = offline
    this.#notice()
  }

  /** An error that only a technician cures. */
  setUnrecoverable(broken: boolean): void {
    this.#unrecoverable = broken
    this.#notice()
  }

  /** The count of cuts as another circuit board would have it. */
  setCuts(cuts: number): void {
    this.#cuts = cuts
    this.#options.changed()
  }

  setSpeed(mmPerS: number): void {
    this.#speedMmPerS = mmPerS
    this.#options.changed()
  }

  stop(): void {
    this.faults.stop()
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#powered = false
  }

  get #nearEnd(): boolean {
    return this.#paperMm <= nearEndMm
  }

  get #offline(): boolean {
    return this.#coverOpen || this.#paperMm <= 0 || this.#cutterJammed || this.#offlineAlone || this.#unrecoverable
  }

  get #sensors(): PrinterSensors {
    return {
      paperOut: this.#paperMm <= 0,
      nearEnd: this.#nearEnd,
      coverOpen: this.#coverOpen,
      cutterJammed: this.#cutterJammed,
      unrecoverable: this.#unrecoverable,
      offline: this.#offline,
      ticketInMouth: this.presenter?.ticketInMouth ?? false,
    }
  }

  /** A person's hand or the end of the roll: status goes out, and a printer that was held goes on by itself. */
  #notice(): void {
    this.#sendAutomaticStatus()
    this.#options.changed()
    this.#run()
  }

  /** Loses everything not yet on paper. */
  #forget(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#owedMs = 0
    if (this.#lines.length > 0 || this.#buffer.length > 0) this.#brokenOff ||= this.#lines.length > 0
    this.#buffer = Buffer.alloc(0)
    this.#realTime = []
    this.#composer.clear()
    this.#giveRoom()
  }

  #run(): void {
    while (this.#powered && this.#timer === undefined && !this.#offline) {
      const read = readOrder(this.#buffer, this.#composer.chinese)
      if (read === undefined) return
      this.#buffer = this.#buffer.subarray(read.length)
      this.#carryOut(read.order)
      if (this.#buffer.length < bufferBytes / 2) this.#giveRoom()
      this.#restForMechanics()
    }
  }

  #giveRoom(): void {
    const room = this.#room
    this.#room = () => undefined
    room()
  }

  /** Lines are printed at once and paid for by a pause: under a millisecond adds up instead. */
  #restForMechanics(): void {
    if (this.#owedMs < 1 || !this.#powered) return
    const waitMs = this.#owedMs
    this.#owedMs = 0
    this.#options.changed()
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#run()
      if (this.#timer === undefined) this.#options.changed()
    }, waitMs)
  }

  #carryOut(order: PrinterOrder): void {
    if (this.#options.unknownOrders?.includes(order.kind)) return
    switch (order.kind) {
      case 'cut':
        this.#cut()
        return
      case 'automatic-status':
        this.#automaticStatus = order.on
        this.#lastStatus = ''
        this.#sendAutomaticStatus()
        return
      case 'ask-ordered-status':
        this.faults.reply(orderedStatus(this.#sensors))
        return
      case 'ask-process-id':
        this.faults.reply([0x37, 0x22, ...Buffer.from(this.faults.processIdFor(order.processId), 'latin1'), 0])
        return
      case 'ask-counter':
        this.#replyCounter(order.counter)
        return
      case 'presenter':
        this.presenter?.obey(order.does, this.#lines.length === 0 && this.journal.length > 0)
        return
      default:
        for (const line of this.#composer.apply(order)) this.#print(line)
    }
  }

  #print(line: PrintedLine): void {
    this.#lines.push(line)
    const heightMm = line.heightDots / dotsPerMm
    const couldSeeEnd = this.#nearEnd
    this.#paperMm -= heightMm
    this.#owedMs += (heightMm * 1000) / this.#speedMmPerS
    if (this.#nearEnd !== couldSeeEnd || this.#paperMm <= 0) {
      this.#sendAutomaticStatus()
      this.#options.changed()
    }
  }

  #cut(): void {
    this.#cuts += 1
    const slipId = String(this.journal.length + 1)
    this.journal.push({ slipId, cutAtMs: this.#options.now(), partial: this.#brokenOff, lines: this.#lines })
    this.#lines = []
    this.#brokenOff = false
    this.#options.changed()
  }

  #replyCounter(counter: number): void {
    const value = cutCounters.includes(counter) ? this.#cuts : 0
    this.faults.reply([0x5f, ...Buffer.from(String(value), 'latin1'), 0])
  }

  #watchRealTime(byte: number): void {
    this.#realTime = [...this.#realTime, byte].slice(-3)
    const [first, second, argument] = this.#realTime
    if (first !== 0x10 || argument === undefined) return
    if (second === 0x04) this.faults.reply(realTimeAnswer(argument, this.#sensors))
    if (second === 0x05 && argument === 2) this.#forget()
  }

  #sendAutomaticStatus(): void {
    if (!this.#automaticStatus || !this.#powered) return
    const status = automaticStatus(this.#sensors)
    if (String(status) === this.#lastStatus) return
    this.#lastStatus = String(status)
    this.faults.reply(status)
  }
}
