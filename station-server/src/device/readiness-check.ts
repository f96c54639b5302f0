import { randomBytes } from 'node:crypto'
import type { DeviceHealth, DeviceReason } from '@yizhan/contracts/device'
import type { TicketDoc } from '@yizhan/contracts/printing'
import type { ReadinessReport } from '@yizhan/contracts/readiness'
import type { PrintOutcome } from '@yizhan/device-drivers/printing/supervised-printer'
import { uuidV7 } from '@yizhan/rules/rule/uuid-v7'
import { troubleOf } from '../printing/print-loop.ts'
import type { StationLog } from '../station/station-log.ts'
import type { Sql } from '../storage/sql.ts'
import type { StationDb } from '../storage/station-db.ts'
import { appendToOutbox } from '../sync/outbox.ts'
import type { CredentialRouting, DeviceInput } from './credential-routing.ts'
import { beginReadiness, nextReadiness, type ReadinessEvent } from './readiness-run.ts'
import { readinessSlip, type SlipPlace, testSlip } from './readiness-slip.ts'

/** What checking a station's readiness needs. */
export interface ReadinessDeps {
  db: StationDb
  now: () => number
  log: StationLog
  healths: () => DeviceHealth[]
  /** Starts devices anew that were set aside: a person stands there and asks. */
  restartQuarantined: () => void
  credentials: Pick<CredentialRouting, 'claim'>
  isPatientServed: () => boolean
  /** Prints a slip beside the ledger; given up when it cannot begin within `patienceMs`. */
  printAside: (doc: TicketDoc, patienceMs: number) => Promise<PrintOutcome>
  /** Tries the lamp out; the answer is why it failed, or null. */
  tryLight: () => Promise<DeviceReason | null>
  placeOf: (at: number) => SlipPlace
  /** Gives out a receipt number within a transaction; null when this machine has none to give. */
  drawReceipt: (sql: Sql, at: number) => string | null
  onChanged: (report: ReadinessReport) => void
  /** Told when a report is in the outbox. */
  onReported: () => void
}

/** The readiness check (就绪检查) of a station. */
export interface Readiness {
  /** The last report, or null when none was made since the station started. */
  view(): ReadinessReport | null
  start(operationId: string): ReadinessStart
  /** Prints the last report; the same operation prints once. */
  print(operationId: string): Promise<ReadinessPrint>
  /** Ends the run: what still waits is not done. */
  end(): ReadinessReport | null
  /** Takes a device's health in, at each change. */
  see(health: DeviceHealth): void
  stop(): Promise<void>
}

type ReadinessStart =
  | { ok: true; report: ReadinessReport }
  | { ok: false; error: 'session-running' }
  | { ok: false; error: 'tested-just-now'; retryAfterMs: number }
type ReadinessPrint =
  | { ok: true; report: ReadinessReport }
  | { ok: false; error: 'report-missing' | 'printer-not-ready' }

/** Paper is dear, and a slip takes three seconds: whoever has just seen one learns nothing from another. */
const testEveryMs = 30_000
/** Deadlines of a run are seconds apart; half a second late is not noticed. */
const tickMs = 500
/** A printer whose process was started anew is back within a second or two. */
const printPatienceMs = 15_000
/** Troubles that the printer tells itself and only hands put right: no slip is tried, the word is said at once. */
const handsNeeded: ReadonlySet<DeviceReason> = new Set([
  'paper-out',
  'cover-open',
  'cutter-jammed',
  'overheated',
  'unrecoverable',
  'ticket-not-taken',
  'bin-full',
])

/** Makes the readiness check of a station. Runs are in memory; the report of a run that has ended goes to the centre. */
export function openReadiness(deps: ReadinessDeps): Readiness {
  return new StationReadiness(deps)
}

class StationReadiness implements Readiness {
  readonly #deps: ReadinessDeps
  #report: ReadinessReport | null = null
  #startedBy: string | null = null
  #testedAt = Number.NEGATIVE_INFINITY
  #printed: { operationId: string; done: Promise<ReadinessPrint> } | null = null
  #release: (() => void) | null = null
  #ticking: NodeJS.Timeout | undefined
  #reporting: Promise<void> = Promise.resolve()

  constructor(deps: ReadinessDeps) {
    this.#deps = deps
  }

  view(): ReadinessReport | null {
    return this.#report
  }

  start(operationId: string): ReadinessStart {
    const { now, healths } = this.#deps
    if (this.#report !== null && this.#startedBy === operationId) return { ok: true, report: this.#report }
    if (this.#deps.isPatientServed()) return { ok: false, error: 'session-running' }
    const retryAfterMs = this.#testedAt + testEveryMs - now()
    if (retryAfterMs > 0 && retryAfterMs <= testEveryMs) return { ok: false, error: 'tested-just-now', retryAfterMs }
    this.end()
    this.#startedBy = operationId
    this.#deps.restartQuarantined()
    const report = beginReadiness(uuidV7(now(), randomBytes(10)), healths(), now())
    this.#release = this.#deps.credentials.claim((input) => this.#use(input))
    this.#ticking = setInterval(() => this.#next({ kind: 'time' }), tickMs)
    this.#put(report)
    for (const { deviceId, kind, points } of report.devices) {
      if (points.length > 0) this.#tryOut(report.reportId, deviceId, kind)
    }
    return { ok: true, report }
  }

  print(operationId: string): Promise<ReadinessPrint> {
    if (this.#printed?.operationId === operationId) return this.#printed.done
    const done = this.#print()
    this.#printed = { operationId, done }
    return done
  }

  end(): ReadinessReport | null {
    this.#next({ kind: 'ended' })
    return this.#report
  }

  see(health: DeviceHealth): void {
    this.#next({ kind: 'health', health })
  }

  async stop(): Promise<void> {
    this.end()
    await this.#reporting
  }

  #next(event: ReadinessEvent): void {
    if (this.#report === null) return
    const next = nextReadiness(this.#report, event, this.#deps.now())
    if (next !== this.#report) this.#put(next)
  }

  #put(report: ReadinessReport): void {
    this.#report = report
    this.#deps.onChanged(report)
    if (report.running) return
    clearInterval(this.#ticking)
    this.#release?.()
    this.#release = null
    this.#reporting = this.#reporting.then(() => this.#tellCentre(report))
  }

  #use(input: DeviceInput): void {
    const check = usedBy(input)
    if (check !== null) this.#next({ kind: 'used', deviceId: input.deviceId, check })
  }

  #tryOut(reportId: string, deviceId: string, kind: DeviceHealth['kind']): void {
    if (kind === 'printer') {
      const trouble = this.#ownWordOf(deviceId)
      if (trouble !== null && handsNeeded.has(trouble)) {
        this.#next({ kind: 'tried', deviceId, check: 'test-print', reason: trouble })
        return
      }
      this.#testedAt = this.#deps.now()
      const slip = testSlip(this.#deps.placeOf(this.#testedAt))
      const printed = this.#deps.printAside(slip, printPatienceMs)
      this.#await(
        reportId,
        deviceId,
        'test-print',
        printed.then((outcome) => this.#troubleOf(deviceId, outcome)),
      )
    }
    if (kind === 'indicator') this.#await(reportId, deviceId, 'light', this.#deps.tryLight())
  }

  #await(
    reportId: string,
    deviceId: string,
    check: 'test-print' | 'light',
    trying: Promise<DeviceReason | null>,
  ): void {
    trying.then(
      (reason) => {
        if (this.#report?.reportId === reportId) this.#next({ kind: 'tried', deviceId, check, reason })
      },
      (error: unknown) => this.#deps.log.error({ error: String(error), check }, 'trying a device out'),
    )
  }

  /** Why a slip did not come; the printer's own word for it where it gives one. */
  #troubleOf(deviceId: string, outcome: PrintOutcome): DeviceReason | null {
    return outcome.ok ? null : (this.#ownWordOf(deviceId) ?? outcome.reason)
  }

  #ownWordOf(deviceId: string): DeviceReason | null {
    const health = this.#deps.healths().find((one) => one.deviceId === deviceId)
    return health === undefined ? null : troubleOf(health)
  }

  async #print(): Promise<ReadinessPrint> {
    // A run that has just ended is about to be given its receipt number.
    await this.#reporting
    const report = this.#report
    if (report === null) return { ok: false, error: 'report-missing' }
    const printer = this.#deps.healths().find(({ kind }) => kind === 'printer')
    if (printer === undefined || troubleOf(printer) !== null) return { ok: false, error: 'printer-not-ready' }
    const slip = readinessSlip(report, this.#deps.placeOf(report.changedAt))
    const outcome = await this.#deps.printAside(slip, printPatienceMs)
    return outcome.ok ? { ok: true, report } : { ok: false, error: 'printer-not-ready' }
  }

  async #tellCentre(report: ReadinessReport): Promise<void> {
    const { db, now, log, drawReceipt, onChanged, onReported } = this.#deps
    try {
      const numbered = await db.transact((sql) => {
        const receiptNumber = drawReceipt(sql, now())
        const body = receiptNumber === null ? report : { ...report, receiptNumber }
        appendToOutbox(sql, { type: 'readiness-reported', body }, now())
        return body
      })
      if (this.#report?.reportId === numbered.reportId) {
        this.#report = numbered
        onChanged(numbered)
      }
      onReported()
    } catch (error) {
      log.error({ error: String(error) }, 'the readiness report could not be kept for the centre')
    }
  }
}

/** What an input proves of its device: a card of an unknown kind was read as well as any other, a half scan was not. */
function usedBy(input: DeviceInput): 'scan' | 'card' | 'key' | null {
  switch (input.kind) {
    case 'scan':
      return input.scan.ok ? 'scan' : null
    case 'card': {
      const { news } = input
      const read = news.kind === 'card-read' || (news.kind === 'card-refused' && news.problem === 'unknown-card')
      return read ? 'card' : null
    }
    case 'key':
      return 'key'
  }
}
