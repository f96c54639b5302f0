import { decisionsFor } from '@yizhan/rules/printing/slip-decision'
import type { Sql } from '../storage/sql.ts'
import { endLifeOfPrintJob, type PrintJob, readDecidedPrintJobs } from './print-ledger.ts'
import { settlePrintJob } from './print-settling.ts'

/** What carrying out decisions changed: the jobs that ended, and those under way at the printer, which must be told. */
export interface CarriedOut {
  settled: PrintJob[]
  printing: string[]
}

/**
 * Carries out what staff decided about slips, within the caller's transaction, each once: a job that ended otherwise in the
 * meantime, or whose state the decision does not fit any more, stays as the ledger has it. A slip that prints only loses its
 * further life here; its end is told by the printer.
 */
export function carryOutDecisions(sql: Sql, now: number): CarriedOut {
  const done: CarriedOut = { settled: [], printing: [] }
  for (const { jobId, state, decision } of readDecidedPrintJobs(sql)) {
    if (decision === null || !decisionsFor(state).includes(decision)) continue
    if (state === 'sending') {
      endLifeOfPrintJob(sql, jobId, now)
      done.printing.push(jobId)
      continue
    }
    const ended = { 'came-out': 'confirmed', 'not-printed': 'void', cancel: 'failed' } as const
    done.settled.push(settlePrintJob(sql, jobId, ended[decision], now, 'staff'))
  }
  return done
}
