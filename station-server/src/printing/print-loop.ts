import type { DeviceHealth, DeviceReason } from '@yizhan/contracts/device'
import type { PrintJobView, TicketDoc } from '@yizhan/contracts/printing'
import type { PrintOutcome, SupervisedPrinter } from '@yizhan/device-drivers/printing/supervised-printer'
import type { StationLog } from '../station/station-log.ts'
import { startStationLoop } from '../station/station-loop.ts'
import type { Sql } from '../storage/sql.ts'
import type { StationDb } from '../storage/station-db.ts'
import { AsideSlips, asideDeadlineMs, printAside } from './aside-slip.ts'
import { CutCount } from './cut-count.ts'
import {
  endLifeOfPrintJob,
  noteWaitingReason,
  type PrintJob,
  readDecidedPrintJobs,
  readNewestPrintJob,
  readOldestPrintJob,
  readPrintJob,
  slipLifeMs,
  stepPrintJob,
  viewOfPrintJob,
} from './print-ledger.ts'
import { type PrintSettler, settlePrintJob } from './print-settling.ts'
import { carryOutDecisions } from './staff-decision.ts'
import { closeUnfinishedSlip, noteUnfinishedSlip } from './unfinished-slip.ts'

/** What the print loop needs. */
export interface PrintLoopDeps {
  db: StationDb
  printer: SupervisedPrinter
  now: () => number
  log: StationLog
  /** Told of every change of a job, after it is durable. */
  onJobChanged: (view: PrintJobView) => void
  /** Told when the first byte of a job's slip has left for the printer; the bench measures by it. */
  onFirstByte?: (jobId: string, atMs: number) => void
}

/** A running print loop. */
export interface PrintLoop {
  /** Says that a job may be waiting; never blocks. */
  wake(): void
  /**
   * Gives up the slips of these bookings that wait for paper, power or a closed cover: their patient has left with the
   * number, and the next one should not be handed a stranger's slip. A slip that prints is left alone.
   */
  giveUpWaiting(bookingIds: ReadonlySet<string>): void
  /** Carries out what staff have decided about slips, as the feed brought it; never blocks. */
  obeyStaff(): void
  /**
   * Prints a slip that is no patient's and stands in no ledger, between two tickets: its cut disturbs no ticket's evidence. Given up
   * when it cannot begin within `patienceMs`.
   */
  printAside(doc: TicketDoc, patienceMs: number): Promise<PrintOutcome>
  stop(): Promise<void>
}

// A ticket of 100 mm takes 0.7 s at 150 mm/s; a printer that waits for paper is given 120 s by its driver before the
// slip is cancelled. The deadline leaves that room and catches only a driver that hangs.
const printDeadlineMs = 150_000
// The cut counter is asked for before each slip; a healthy printer answers within one status round trip.
const countDeadlineMs = 1500
// With the printer not ready, look again this often; a change of its health wakes the loop at once.
const printPace = { idleMs: 2000, firstRetryMs: 2000, longestRetryMs: 2000 }

/** Prints what the ledger holds, oldest first, one at a time, and settles by evidence what a crash left open. */
export function startPrintLoop(deps: PrintLoopDeps): PrintLoop {
  const asides = new AsideSlips()
  const count = new CutCount(() => performance.now())
  const loop = startStationLoop('print', printPace, deps.log, () => printNext(deps, asides, count))
  const stopListening = deps.printer.onHealth(() => loop.wake())
  const aside = (work: Promise<void>, what: string) => {
    work.then(
      () => loop.wake(),
      (error: unknown) => deps.log.error({ error: String(error) }, what),
    )
  }
  const obeyStaff = () => aside(obey(deps), 'carrying out what staff decided about slips')
  // Decided before a restart, and not carried out by then.
  obeyStaff()
  return {
    wake: () => loop.wake(),
    giveUpWaiting: (bookingIds) => aside(giveUpWaiting(deps, bookingIds), 'giving up slips of a patient who left'),
    obeyStaff,
    printAside: (doc, patienceMs) => {
      const printed = asides.ask(doc, deps.now() + patienceMs)
      loop.wake()
      return printed
    },
    async stop() {
      stopListening()
      await loop.stop()
      asides.giveUpLate(Number.POSITIVE_INFINITY)
    },
  }
}

/** Does one step of work; `done` when there is nothing to do or the printer cannot do it now. */
export async function printNext(deps: PrintLoopDeps, asides: AsideSlips, count: CutCount): Promise<'more' | 'done'> {
  const { db, now } = deps
  asides.giveUpLate(now())
  const leftOpen = readOldestPrintJob(db.sql, 'sending')
  if (leftOpen !== null) return (await recoverJob(deps, leftOpen)) ? 'more' : 'done'
  const job = readOldestPrintJob(db.sql, 'queued')
  if (job === null) return await printNextAside(deps, asides, count)
  if (job.decision === 'cancel') {
    await settle(deps, (sql) => settlePrintJob(sql, job.jobId, 'failed', now(), 'staff'))
    return 'more'
  }
  if (isOutlived(job, now())) {
    await settle(deps, (sql) => settlePrintJob(sql, job.jobId, 'expired', now(), 'time'))
    return 'more'
  }
  if (!canPrint(deps.printer)) {
    tellWhyWaiting(deps, job)
    return 'done'
  }
  if (!(await closeUnfinishedSlip(deps, printDeadlineMs))) return 'done'
  const cutsBefore = count.take() ?? (await deps.printer.readCuts(countDeadlineMs))
  const begun = await begin(deps, job, cutsBefore)
  if (begun === null) return 'more'
  const outcome = await print(deps, begun)
  count.tell(outcome.ok && outcome.proof.level === 'A' ? outcome.proof.cutsAfter : null)
  await settleOutcome(deps, job.jobId, outcome)
  return outcome.ok || outcome.phase !== 'not-started' ? 'more' : 'done'
}

/**
 * Whether a slip's time is over: by its end, or because the clock has gone back to before it by more than a slip lives. Then
 * nobody can say whether its patient still stands there, nor, on a disk put back to an older copy, whether they have it already.
 */
function isOutlived({ createdAt, expiresAt }: PrintJob, now: number): boolean {
  return now >= expiresAt || now < createdAt - slipLifeMs
}

async function printNextAside(deps: PrintLoopDeps, asides: AsideSlips, count: CutCount): Promise<'more' | 'done'> {
  if (!asides.areWaiting || !canPrint(deps.printer)) return 'done'
  if (!(await closeUnfinishedSlip(deps, asideDeadlineMs))) return 'done'
  const slip = asides.next()
  if (slip === null) return 'done'
  // Its cut is nobody's, and counts all the same.
  count.tell(null)
  await printAside(deps, slip)
  return 'more'
}

/** Takes a job for printing, durably; null when staff gave it up while the printer was asked for its count. */
async function begin({ db, now, onJobChanged }: PrintLoopDeps, job: PrintJob, cutsBefore: number | null) {
  const begun = await db.transact((sql) => {
    const fresh = readPrintJob(sql, job.jobId)
    if (fresh?.state !== 'queued' || isOutlived(fresh, now())) return null
    return stepPrintJob(sql, job.jobId, 'sending', now(), { attempt: job.attempt + 1, cutsBefore })
  })
  if (begun !== null) onJobChanged(viewOfPrintJob(begun))
  return begun
}

async function print(deps: PrintLoopDeps, { jobId, attempt, copy, doc, cutsBefore }: PrintJob): Promise<PrintOutcome> {
  const printing = deps.printer.print(
    { jobId, attempt, copy, doc },
    {
      deadlineMs: printDeadlineMs,
      ...(cutsBefore === null ? {} : { cutsBefore }),
      onFirstByte: (atMs) => deps.onFirstByte?.(jobId, atMs),
      onWaiting: (reason) => noteWaiting(deps, jobId, reason),
    },
  )
  // Given up in the moment between the ledger's step and the printer's taking it: the printer knew of nothing to cancel.
  if (readPrintJob(deps.db.sql, jobId)?.decision === 'cancel') await deps.printer.cancel(jobId)
  return await printing
}

/** A job that waits for its printer says why, so that the patient's screen does not pretend to print. */
function tellWhyWaiting(deps: PrintLoopDeps, job: PrintJob): void {
  const reason = troubleOf(deps.printer.health())
  if (reason !== null && job.reason !== reason) noteWaiting(deps, job.jobId, reason)
}

function canPrint(printer: SupervisedPrinter): boolean {
  return troubleOf(printer.health()) === null
}

/** Whether the printer is well and proves too little to tell its cuts: then no waiting brings them, and all other slips would wait too. */
function cannotCount(printer: SupervisedPrinter): boolean {
  const { evidence } = printer.health()
  return canPrint(printer) && evidence !== undefined && evidence !== 'A'
}

/** Why a printer in this health cannot print, or null when it can. */
export function troubleOf({ phase, reasons }: DeviceHealth): DeviceReason | null {
  if (phase === 'ready' || phase === 'degraded' || phase === 'busy') return null
  return reasons[0] ?? 'link-lost'
}

async function obey({ db, printer, now, onJobChanged }: PrintLoopDeps): Promise<void> {
  if (readDecidedPrintJobs(db.sql).length === 0) return
  const { settled, printing } = await db.transact((sql) => carryOutDecisions(sql, now()))
  for (const job of settled) onJobChanged(viewOfPrintJob(job))
  for (const jobId of printing) await printer.cancel(jobId)
}

async function giveUpWaiting(deps: PrintLoopDeps, bookingIds: ReadonlySet<string>): Promise<void> {
  for (const bookingId of bookingIds) {
    const job = readNewestPrintJob(deps.db.sql, bookingId)
    if (job === null || (job.reason === null && canPrint(deps.printer))) continue
    const state = await deps.db.transact((sql) => {
      endLifeOfPrintJob(sql, job.jobId, deps.now())
      // Read anew: the loop may have begun with it since.
      return readPrintJob(sql, job.jobId)?.state
    })
    if (state === 'sending') await deps.printer.cancel(job.jobId)
  }
}

async function settleOutcome(deps: PrintLoopDeps, jobId: string, outcome: PrintOutcome): Promise<void> {
  const { now } = deps
  if (outcome.ok) {
    await settle(deps, (sql) =>
      settlePrintJob(sql, jobId, 'confirmed', now(), 'evidence', { evidence: outcome.proof.level }),
    )
    return
  }
  deps.log.warn({ jobId, phase: outcome.phase, reason: outcome.reason, detail: outcome.detail }, 'slip not confirmed')
  if (outcome.phase === 'not-started') {
    await settle(deps, (sql) => stepPrintJob(sql, jobId, 'queued', now(), { reason: outcome.reason }))
    return
  }
  if (outcome.phase === 'partial') {
    await settle(deps, (sql) => {
      const byStaff = readPrintJob(sql, jobId)?.decision === 'cancel'
      const job = byStaff
        ? settlePrintJob(sql, jobId, 'failed', now(), 'staff')
        : settlePrintJob(sql, jobId, 'failed', now(), 'evidence', { reason: outcome.reason })
      noteUnfinishedSlip(sql, job.locale)
      return job
    })
    return
  }
  const job = readPrintJob(deps.db.sql, jobId)
  if (job !== null) await recoverJob(deps, job)
}

/**
 * Decides about a job whose slip may or may not be on paper. A cut counter that has grown by one proves it printed; one
 * that has not moved proves it did not, and then, after a void slip, it is sent again. Without that proof a person decides.
 */
async function recoverJob(deps: PrintLoopDeps, job: PrintJob): Promise<boolean> {
  const { now } = deps
  if (job.cutsBefore === null || cannotCount(deps.printer)) {
    await settle(deps, (sql) => hold(sql, job, now(), 'evidence', job.reason))
    return true
  }
  const cuts = canPrint(deps.printer) ? await deps.printer.readCuts(countDeadlineMs) : null
  if (cuts === null) {
    tellWhyWaiting(deps, job)
    if (now() < job.expiresAt) return false
    await settle(deps, (sql) => hold(sql, job, now(), 'time', job.reason))
    return true
  }
  if (cuts === job.cutsBefore + 1) {
    await settle(deps, (sql) => settlePrintJob(sql, job.jobId, 'confirmed', now(), 'evidence', { evidence: 'A' }))
    return true
  }
  if (cuts !== job.cutsBefore) {
    // Another printer, or one that lost its count: it proves nothing either way.
    await settle(deps, (sql) => hold(sql, job, now(), 'evidence', 'config-mismatch'))
    return true
  }
  await settle(deps, (sql) => {
    noteUnfinishedSlip(sql, job.locale)
    return stepPrintJob(sql, job.jobId, 'queued', now(), { cutsBefore: null })
  })
  return true
}

/**
 * Nobody can know whether this slip is on paper: a person decides. If a piece of it hangs in the printer it must not come out
 * on top of the next patient's.
 */
function hold(sql: Sql, { jobId, locale }: PrintJob, now: number, by: 'evidence' | 'time', reason: PrintJob['reason']) {
  noteUnfinishedSlip(sql, locale)
  return settlePrintJob(sql, jobId, 'held', now, by, { reason })
}

async function settle(deps: PrintLoopDeps, step: PrintSettler): Promise<void> {
  const job = await deps.db.transact((sql: Sql) => step(sql))
  deps.onJobChanged(viewOfPrintJob(job))
}

function noteWaiting(deps: PrintLoopDeps, jobId: string, reason: NonNullable<PrintJob['reason']>): void {
  deps.db
    .transact((sql) => noteWaitingReason(sql, jobId, reason, deps.now()))
    .then(() => {
      const job = readPrintJob(deps.db.sql, jobId)
      if (job !== null) deps.onJobChanged(viewOfPrintJob(job))
    })
    .catch((error: unknown) => deps.log.error({ error: String(error) }, 'noting why a slip waits'))
}
