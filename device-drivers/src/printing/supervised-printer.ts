import type { DeviceHealth, DeviceReason } from '@yizhan/contracts/device'
import type { TicketDoc } from '@yizhan/contracts/printing'
import type { LinkAddress } from '../device/byte-link.ts'
import type { Outcome } from '../device/driver.ts'
import { type HealthListener, HealthLog } from '../device/health-log.ts'
import { Supervisor } from '../device/supervisor.ts'
import { compileTicket } from './escpos-compile.ts'
import type { PrinterCommand, PrinterNews } from './escpos-printer.ts'
import type { PresenterState } from './presenter-status.ts'
import { type ProfileName, printerProfiles } from './printer-profile.ts'
import { type GlyphSource, makeRasterFont } from './raster-font.ts'
import type { PrintProgress, PrintProof } from './slip-printing.ts'

/** A printer as a station's configuration names it. */
export interface PrinterConfig {
  deviceId: string
  profile: ProfileName
  link: LinkAddress
}

/** One attempt to print one copy of a job of the ledger. */
export interface PrinterJob {
  jobId: string
  attempt: number
  copy: number
  doc: TicketDoc
}

/** How one attempt is to be made. */
export interface PrintOptions {
  deadlineMs: number
  /** The counter as it was read for this attempt, after which nothing else was printed; left out, the driver reads it. */
  cutsBefore?: number
  onFirstByte?: (atMs: number) => void
  onWaiting?: (reason: DeviceReason) => void
}

/** How a print ended; `ok` carries what was proved. */
export type PrintOutcome = Outcome<PrintProof>

/** A printer whose driver runs in its own supervised process. One slip prints at a time; the others wait their turn. */
export interface SupervisedPrinter {
  /** The last known health; `seq` only grows. */
  health(): DeviceHealth
  /** Calls on every change; the answer ends it. */
  onHealth(listener: HealthListener): () => void
  /** Calls when a presenter hands a slip out, sees it taken or disposes of it; the answer ends it. */
  onPresenter(listener: (state: PresenterState) => void): () => void
  /**
   * The cuts since manufacture, counted after everything sent before, also by an earlier process. Waits for the printer to
   * come up; null when it does not in time, or cannot tell.
   */
  readCuts(deadlineMs: number): Promise<number | null>
  /**
   * Prints one slip. `deadlineMs` bounds the whole attempt, waiting for paper included: at its end, at the latest after
   * 120 s, the printer's buffer is cleared and the outcome is `partial`. `onWaiting` tells why the printer holds the slip.
   */
  print(job: PrinterJob, options: PrintOptions): Promise<PrintOutcome>
  /** Prints a slip that marks what lies above it as void and cuts both off. */
  printVoidSlip(doc: TicketDoc, deadlineMs: number): Promise<PrintOutcome>
  /** Gives up the job if it is printing or waiting its turn; the printer's buffer is cleared. */
  cancel(jobId: string): Promise<void>
  /** Ends the driver process and starts it again at once, out of quarantine too, as a person who re-enables it wants it. */
  restart(): void
  /** The size of the compiled slip. Throws a RangeError for a slip that cannot be compiled. */
  bytesOf(doc: TicketDoc): number
  stop(): Promise<void>
}

/** The longest wait for a person to load paper or close the cover, then somebody else needs the printer. */
const longestWaitMs = 120_000

/** Added to the mechanical time of a slip: what the answer may take on its way back. */
const answerMs = 4000

/** Starts the printer's driver process and keeps it alive until `stop`. */
export function startPrinter(
  config: PrinterConfig,
  deps: { log: (record: object) => void; now: () => number },
): SupervisedPrinter {
  return new PrinterInProcess(config, deps)
}

class PrinterInProcess implements SupervisedPrinter {
  readonly #config: PrinterConfig
  readonly #now: () => number
  readonly #health: HealthLog
  readonly #supervisor: Supervisor
  readonly #cancels = new Map<string, AbortController>()
  readonly #presenterListeners = new Set<(state: PresenterState) => void>()
  readonly #glyphs: GlyphSource = makeRasterFont()
  #turn: Promise<unknown> = Promise.resolve()

  constructor(config: PrinterConfig, deps: { log: (record: object) => void; now: () => number }) {
    this.#config = config
    this.#now = deps.now
    this.#health = new HealthLog(config.deviceId, 'printer', deps.now)
    const hostConfig = { kind: 'printer', profile: config.profile, link: config.link } as const
    this.#supervisor = new Supervisor(config.deviceId, hostConfig, {
      ...deps,
      onEvent: (event) => {
        if (event.kind === 'sight') return this.#health.see(event.sight, 'driver')
        // Driver and supervisor are one source, and only the IPC lies between.
        const { state } = event.news as PrinterNews
        for (const listener of this.#presenterListeners) listener(state)
      },
      onDown: (reason) => this.#health.see({ phase: 'fault', reasons: [reason] }, 'supervisor'),
    })
  }

  health(): DeviceHealth {
    return this.#health.last
  }

  onHealth(listener: HealthListener): () => void {
    return this.#health.listen(listener)
  }

  onPresenter(listener: (state: PresenterState) => void): () => void {
    this.#presenterListeners.add(listener)
    return () => this.#presenterListeners.delete(listener)
  }

  async readCuts(deadlineMs: number): Promise<number | null> {
    const endsAt = this.#now() + deadlineMs
    const late = new AbortController()
    const timer = setTimeout(() => late.abort(), deadlineMs)
    const read = async () => {
      await this.#health.until((health) => health.evidence !== undefined, late.signal)
      return this.#inTurn(async () => {
        const leftMs = endsAt - this.#now()
        if (leftMs <= 0) return null
        const outcome = await this.#run({ kind: 'read-cuts', limitMs: leftMs }, { deadlineMs: leftMs })
        return outcome.ok ? outcome.proof.cutsAfter : null
      })
    }
    const tooLate = new Promise<null>((resolve) => late.signal.addEventListener('abort', () => resolve(null)))
    try {
      return await Promise.race([read(), tooLate])
    } finally {
      clearTimeout(timer)
    }
  }

  async print(job: PrinterJob, options: PrintOptions): Promise<PrintOutcome> {
    const { bytes, heightMm } = compileTicket(job.doc, printerProfiles[this.#config.profile], this.#glyphs)
    const cancel = new AbortController()
    this.#cancels.set(job.jobId, cancel)
    const onProgress = (progress: unknown) => {
      const step = progress as PrintProgress
      if (step.kind === 'first-byte') options.onFirstByte?.(this.#now())
      else options.onWaiting?.(step.reason)
    }
    const command: PrinterCommand = {
      kind: 'print',
      bytes,
      patienceMs: this.#slipMs(bytes.length, heightMm),
      ...(options.cutsBefore === undefined ? {} : { cutsBefore: options.cutsBefore }),
      limitMs: Math.min(longestWaitMs, options.deadlineMs),
    }
    try {
      return await this.#inTurn(() =>
        cancel.signal.aborted
          ? Promise.resolve(cancelledBeforeStart)
          : this.#run(command, { deadlineMs: options.deadlineMs, signal: cancel.signal, onProgress }),
      )
    } finally {
      this.#cancels.delete(job.jobId)
    }
  }

  printVoidSlip(doc: TicketDoc, deadlineMs: number): Promise<PrintOutcome> {
    return this.print({ jobId: 'void-slip', attempt: 1, copy: 1, doc }, { deadlineMs })
  }

  async cancel(jobId: string): Promise<void> {
    this.#cancels.get(jobId)?.abort()
  }

  bytesOf(doc: TicketDoc): number {
    return compileTicket(doc, printerProfiles[this.#config.profile], this.#glyphs).bytes.length
  }

  restart(): void {
    this.#supervisor.restart()
  }

  stop(): Promise<void> {
    return this.#supervisor.stop()
  }

  async #run(
    command: PrinterCommand,
    limits: { deadlineMs: number; signal?: AbortSignal; onProgress?: (progress: unknown) => void },
  ): Promise<PrintOutcome> {
    // The driver process runs this same source; what comes back over IPC is what `EscposPrinter.submit` returned.
    return (await this.#supervisor.run(command, limits)) as PrintOutcome
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(work)
    this.#turn = result.catch(() => undefined)
    return result
  }

  /** The time on the wire (10 bits a byte on a serial line), under the head, and for the answer. */
  #slipMs(byteCount: number, heightMm: number): number {
    const { link, profile } = this.#config
    const wireMs = link.kind === 'serial' ? (byteCount * 10_000) / link.baudRate : 0
    return Math.ceil(wireMs + (heightMm * 1000) / printerProfiles[profile].slowestMmPerS + answerMs)
  }
}

const cancelledBeforeStart: PrintOutcome = {
  ok: false,
  phase: 'not-started',
  reason: 'hung',
  detail: 'cancelled before its turn',
}
