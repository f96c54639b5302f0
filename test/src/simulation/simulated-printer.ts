import type { DeviceHealth } from '@yizhan/contracts/device'
import type { TicketDoc } from '@yizhan/contracts/printing'
import type { PrinterJob, PrintOutcome, SupervisedPrinter } from '@yizhan/device-drivers/printing/supervised-printer'
import type { Chance } from './chance.ts'

/** A slip that lies in the tray, or a piece of one. */
export interface PaperSlip {
  jobId: string
  copy: number
  whole: boolean
}

interface Printing {
  job: PrinterJob
  cancelled: boolean
  settle: (outcome: PrintOutcome) => void
}

/**
 * A printer that outlives the processes that print on it. One of level A counts its cuts and says so; one of level C proves
 * nothing. What became of a slip, its driver may know or not.
 */
export class SimulatedPrinter {
  readonly paper: PaperSlip[] = []
  readonly #level: 'A' | 'C'
  readonly #chance: Chance
  /** A bug: what nobody knows is told as if nothing had been printed. */
  readonly #lies: boolean
  #cuts = 0
  #printing: Printing | null = null
  hostile = true

  constructor(chance: Chance, options: { level: 'A' | 'C'; lies: boolean }) {
    this.#chance = chance
    this.#level = options.level
    this.#lies = options.lies
  }

  get isPrinting(): boolean {
    return this.#printing !== null
  }

  /** The slip under the head comes to its end, one way or another; answers what happened, in words. */
  step(): { words: string; fault: boolean } {
    const printing = this.#printing
    this.#printing = null
    if (printing === null) return { words: 'the printer is idle', fault: false }
    const { job, cancelled, settle } = printing
    const luck = this.hostile ? this.#chance.below(10) : 9
    const failed = (phase: 'not-started' | 'partial' | 'maybe') =>
      settle({ ok: false, phase, reason: 'link-lost', detail: 'simulated' })
    if (cancelled || luck === 0) {
      this.#putOut(job, false)
      failed('partial')
      return { words: `a slip stops half-way (copy ${job.copy})`, fault: true }
    }
    if (luck === 1) {
      failed('not-started')
      return { words: 'a slip does not start', fault: true }
    }
    if (luck === 2 || luck === 3) {
      if (this.#chance.happens(0.5)) this.#putOut(job, true)
      failed(this.#lies ? 'not-started' : 'maybe')
      return { words: `nobody knows whether a slip came out (copy ${job.copy})`, fault: true }
    }
    const cutsBefore = this.#told()
    this.#putOut(job, true)
    settle({ ok: true, proof: { level: this.#level, cutsBefore, cutsAfter: this.#told() } })
    return { words: `a slip comes out (copy ${job.copy})`, fault: false }
  }

  /** The process that prints dies: what the printer has of the slip comes out, or not. */
  driverDied(): void {
    const printing = this.#printing
    this.#printing = null
    if (printing !== null && this.#chance.happens(0.6)) this.#putOut(printing.job, this.#chance.happens(0.8))
  }

  /** The printer as a station's process drives it. */
  asDriver(): SupervisedPrinter {
    return {
      health: () => this.#health(),
      onHealth: () => () => undefined,
      onPresenter: () => () => undefined,
      readCuts: async () => this.#told(),
      print: (job) =>
        new Promise((settle) => {
          this.#printing = { job, cancelled: false, settle }
        }),
      printVoidSlip: async (_doc: TicketDoc) => {
        const cutsBefore = this.#told()
        this.#cuts += 1
        return { ok: true, proof: { level: this.#level, cutsBefore, cutsAfter: this.#told() } }
      },
      cancel: async (jobId) => {
        if (this.#printing?.job.jobId === jobId) this.#printing.cancelled = true
      },
      restart: () => undefined,
      bytesOf: () => 0,
      stop: async () => undefined,
    }
  }

  #putOut({ jobId, copy }: PrinterJob, whole: boolean): void {
    this.paper.push({ jobId, copy, whole })
    if (whole) this.#cuts += 1
  }

  #told(): number | null {
    return this.#level === 'A' ? this.#cuts : null
  }

  #health(): DeviceHealth {
    const evidence = this.#level
    return { deviceId: 'printer', kind: 'printer', phase: 'ready', reasons: [], since: 0, seq: 1, evidence }
  }
}
