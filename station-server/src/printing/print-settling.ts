import type { PrintJobState } from '@yizhan/contracts/printing'
import type { Sql } from '../storage/sql.ts'
import { appendToOutbox } from '../sync/outbox.ts'
import { type PrintJob, type PrintJobNote, stepPrintJob } from './print-ledger.ts'

/** A step of the ledger, to be run within a transaction. */
export type PrintSettler = (sql: Sql) => PrintJob

/**
 * Settles a job in the ledger and tells the centre, in one transaction: a slip that failed or that nobody can vouch for
 * must be on a member of staff's screen, not only in our log.
 */
export function settlePrintJob(
  sql: Sql,
  jobId: string,
  state: Exclude<PrintJobState, 'queued' | 'sending'>,
  now: number,
  by: 'evidence' | 'patient' | 'staff' | 'time',
  note: PrintJobNote = {},
): PrintJob {
  const job = stepPrintJob(sql, jobId, state, now, note)
  appendToOutbox(
    sql,
    {
      type: 'ticket-print-settled',
      body: { jobId, bookingId: job.bookingId, state, copy: job.copy, settledAt: now, by },
    },
    now,
  )
  return job
}
