import { randomUUID } from 'node:crypto'
import type { TicketDoc } from '@yizhan/contracts/printing'
import type { PrintOutcome, SupervisedPrinter } from '@yizhan/device-drivers/printing/supervised-printer'
import type { StationDb } from '../storage/station-db.ts'
import { forgetUnfinishedSlip, noteUnfinishedSlip } from './unfinished-slip.ts'

/** A slip beside the ledger (附页): a test slip, a readiness report. It entitles nobody to anything and is never sent again. */
export interface AsideSlip {
  doc: TicketDoc
  /** Not begun by then, it is given up. */
  until: number
  settle: (outcome: PrintOutcome) => void
}

/** How long one may print. A slip of 150 mm takes 3 s on the slowest printer; whoever stands there loads paper within the rest. */
export const asideDeadlineMs = 20_000

const givenUp: PrintOutcome = { ok: false, phase: 'not-started', reason: 'offline', detail: 'not begun in time' }

/** The slips that wait for a moment between two tickets. */
export class AsideSlips {
  #waiting: AsideSlip[] = []

  /** Resolves with how it ended. */
  ask(doc: TicketDoc, until: number): Promise<PrintOutcome> {
    return new Promise((settle) => {
      this.#waiting.push({ doc, until, settle })
    })
  }

  /** Gives up those whose time is over. */
  giveUpLate(now: number): void {
    const late = this.#waiting.filter(({ until }) => now >= until)
    this.#waiting = this.#waiting.filter(({ until }) => now < until)
    for (const { settle } of late) settle(givenUp)
  }

  /** Whether one waits. */
  get areWaiting(): boolean {
    return this.#waiting.length > 0
  }

  /** The next one to print, or null. */
  next(): AsideSlip | null {
    return this.#waiting.shift() ?? null
  }
}

/**
 * Prints one slip beside the ledger. Only the print loop may call it, while no job of the ledger is under way: the cut of this
 * slip then lies between two readings of the counter and is nobody's evidence. A crash in the middle leaves the note that
 * something unfinished may hang in the printer.
 */
export async function printAside(
  { db, printer }: { db: StationDb; printer: SupervisedPrinter },
  slip: AsideSlip,
): Promise<void> {
  let outcome = givenUp
  try {
    await db.transact((sql) => noteUnfinishedSlip(sql, 'zh-CN'))
    outcome = await printer.print(
      { jobId: `aside-${randomUUID()}`, attempt: 1, copy: 1, doc: slip.doc },
      { deadlineMs: asideDeadlineMs },
    )
    if (outcome.ok || outcome.phase === 'not-started') await db.transact(forgetUnfinishedSlip)
  } finally {
    slip.settle(outcome)
  }
}
