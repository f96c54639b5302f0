import type { DeviceReason, EvidenceLevel } from '@yizhan/contracts/device'
import type { Locale } from '@yizhan/contracts/local-text'
import {
  type PrintDecision,
  type PrintJobState,
  type PrintJobView,
  printJobSteps,
  type TicketDoc,
} from '@yizhan/contracts/printing'
import type { Sql } from '../storage/sql.ts'

/**
 * A slip is for the patient who stands there. After five minutes they have gone with their number, and a roll of late slips
 * after a paper change would only confuse those who stand there then.
 */
export const slipLifeMs = 5 * 60_000

/** A row of the print ledger. */
export interface PrintJob {
  jobId: string
  bookingId: string
  copy: number
  state: PrintJobState
  reason: DeviceReason | null
  attempt: number
  doc: TicketDoc
  locale: Locale
  cutsBefore: number | null
  createdAt: number
  changedAt: number
  expiresAt: number
  /** What staff decided about it, until it has ended. */
  decision: PrintDecision | null
}

/** What a step of the ledger may note beside the new state. */
export interface PrintJobNote {
  reason?: DeviceReason | null
  attempt?: number
  cutsBefore?: number | null
  evidence?: EvidenceLevel
}

interface PrintJobRecord {
  job_id: string
  booking_id: string
  copy: number
  state: PrintJobState
  reason: DeviceReason | null
  attempt: number
  doc: string
  locale: Locale
  cuts_before: number | null
  created_at: number
  changed_at: number
  expires_at: number
  decision: PrintDecision | null
}

const columns =
  'job_id, booking_id, copy, state, reason, attempt, doc, locale, cuts_before, created_at, changed_at, expires_at, decision'

/** Puts a new job into the ledger as `queued`, within the transaction that makes its ticket true. */
export function insertPrintJob(
  sql: Sql,
  job: Pick<PrintJob, 'jobId' | 'bookingId' | 'copy' | 'doc' | 'locale' | 'createdAt' | 'expiresAt'>,
): PrintJobView {
  sql
    .prepare(
      `INSERT INTO print_job (job_id, booking_id, copy, state, attempt, doc, locale, created_at, changed_at, expires_at)
       VALUES (?, ?, ?, 'queued', 0, ?, ?, ?, ?, ?)`,
    )
    .run(
      job.jobId,
      job.bookingId,
      job.copy,
      JSON.stringify(job.doc),
      job.locale,
      job.createdAt,
      job.createdAt,
      job.expiresAt,
    )
  return { jobId: job.jobId, state: 'queued', copy: job.copy, changedAt: job.createdAt }
}

/** Moves a job to its next state. Throws when the ledger does not allow that step, or the job is not there. */
export function stepPrintJob(
  sql: Sql,
  jobId: string,
  state: PrintJobState,
  now: number,
  note: PrintJobNote = {},
): PrintJob {
  const before = readPrintJob(sql, jobId)
  if (before === null) throw new Error(`no print job ${jobId}`)
  if (!printJobSteps[before.state].includes(state)) {
    throw new Error(`a print job cannot go from ${before.state} to ${state}`)
  }
  const reason = note.reason ?? null
  const attempt = note.attempt ?? before.attempt
  const cutsBefore = note.cutsBefore === undefined ? before.cutsBefore : note.cutsBefore
  sql
    .prepare(
      `UPDATE print_job SET state = ?, reason = ?, attempt = ?, cuts_before = ?, evidence = coalesce(?, evidence), changed_at = ?
       WHERE job_id = ?`,
    )
    .run(state, reason, attempt, cutsBefore, note.evidence ?? null, now, jobId)
  return { ...before, state, reason, attempt, cutsBefore, changedAt: now }
}

/** Notes why a job does not go on, without moving it: paper out while the printer keeps the rest of the slip. */
export function noteWaitingReason(sql: Sql, jobId: string, reason: DeviceReason, now: number): void {
  sql.prepare('UPDATE print_job SET reason = ?, changed_at = ? WHERE job_id = ?').run(reason, now, jobId)
}

/**
 * Ends a job's time now, whatever its state: one that waits expires, and one whose outcome turns out as "not printed" is not
 * sent again.
 */
export function endLifeOfPrintJob(sql: Sql, jobId: string, now: number): void {
  sql.prepare('UPDATE print_job SET expires_at = min(expires_at, ?) WHERE job_id = ?').run(now, jobId)
}

/** Keeps what staff decided about a job; one that is not in this ledger, or has ended, stays as it is. */
export function keepDecision(sql: Sql, jobId: string, decision: PrintDecision): void {
  sql
    .prepare(`UPDATE print_job SET decision = ? WHERE job_id = ? AND state IN ('queued', 'sending', 'held')`)
    .run(decision, jobId)
}

/** The jobs without an end about which staff have decided. */
export function readDecidedPrintJobs(sql: Sql): PrintJob[] {
  return sql
    .prepare<[], PrintJobRecord>(
      `SELECT ${columns} FROM print_job WHERE state IN ('queued', 'sending', 'held') AND decision IS NOT NULL`,
    )
    .all()
    .map(jobOf)
}

/** The jobs without an end, the oldest first, at most `max`. */
export function readOpenPrintJobs(sql: Sql, max: number): PrintJob[] {
  return sql
    .prepare<[number], PrintJobRecord>(
      `SELECT ${columns} FROM print_job WHERE state IN ('queued', 'sending', 'held') ORDER BY created_at LIMIT ?`,
    )
    .all(max)
    .map(jobOf)
}

/** One job, or null. */
export function readPrintJob(sql: Sql, jobId: string): PrintJob | null {
  const record = sql.prepare<[string], PrintJobRecord>(`SELECT ${columns} FROM print_job WHERE job_id = ?`).get(jobId)
  return record === undefined ? null : jobOf(record)
}

/** The newest slip of a booking, or null when none was ever asked for. */
export function readNewestPrintJob(sql: Sql, bookingId: string): PrintJob | null {
  const record = sql
    .prepare<[string], PrintJobRecord>(
      `SELECT ${columns} FROM print_job WHERE booking_id = ? ORDER BY copy DESC LIMIT 1`,
    )
    .get(bookingId)
  return record === undefined ? null : jobOf(record)
}

/** The oldest job in a state, or null. */
export function readOldestPrintJob(sql: Sql, state: PrintJobState): PrintJob | null {
  const record = sql
    .prepare<[string], PrintJobRecord>(`SELECT ${columns} FROM print_job WHERE state = ? ORDER BY created_at LIMIT 1`)
    .get(state)
  return record === undefined ? null : jobOf(record)
}

/** How many jobs are undecided, and how many ended without a slip that anybody can vouch for. */
export function countPrintTroubles(sql: Sql): { undecided: number; failed: number } {
  const count = (state: PrintJobState) =>
    sql.prepare<[string], { n: number }>('SELECT count(*) AS n FROM print_job WHERE state = ?').get(state)?.n ?? 0
  return { undecided: count('held'), failed: count('failed') + count('expired') }
}

/** A job as a screen may see it. */
export function viewOfPrintJob(job: PrintJob): PrintJobView {
  const { jobId, state, copy, changedAt } = job
  return job.reason === null ? { jobId, state, copy, changedAt } : { jobId, state, copy, changedAt, reason: job.reason }
}

function jobOf(record: PrintJobRecord): PrintJob {
  return {
    jobId: record.job_id,
    bookingId: record.booking_id,
    copy: record.copy,
    state: record.state,
    reason: record.reason,
    attempt: record.attempt,
    doc: JSON.parse(record.doc) as TicketDoc,
    locale: record.locale,
    cutsBefore: record.cuts_before,
    createdAt: record.created_at,
    changedAt: record.changed_at,
    expiresAt: record.expires_at,
    decision: record.decision,
  }
}
