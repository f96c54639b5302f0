import { z } from 'zod'
import { deviceReasons } from './device.ts'
import { id } from './id.ts'
import { instantMs } from './time.ts'

/**
 * The states of a print job (打印任务) in the station's ledger.
 * `held` means the outcome is unknown: it is never resent by itself, a person settles it.
 */
export const printJobStates = ['queued', 'sending', 'confirmed', 'held', 'void', 'failed', 'expired'] as const
export type PrintJobState = (typeof printJobStates)[number]

/** Which state may follow which; the ledger refuses any other step. */
export const printJobSteps: Record<PrintJobState, readonly PrintJobState[]> = {
  queued: ['sending', 'expired', 'failed'],
  sending: ['confirmed', 'held', 'queued', 'failed'],
  held: ['confirmed', 'void'],
  confirmed: [],
  void: [],
  failed: [],
  expired: [],
}

/** A print job as a screen may see it: no text of the slip, nothing private. */
export const printJobView = z.strictObject({
  jobId: id,
  state: z.enum(printJobStates),
  reason: z.enum(deviceReasons).optional(),
  /** 1 for the first slip; every later one is marked 补打 on paper. */
  copy: z.int().min(1).max(9),
  changedAt: instantMs,
})
export type PrintJobView = z.infer<typeof printJobView>

/**
 * What staff decided about a slip (凭条处置): it came out, it did not, or it is given up before it prints. A row of the
 * station's feed; the station carries it out once and tells with `ticket-print-settled` what became of it.
 */
export const printDecisions = ['came-out', 'not-printed', 'cancel'] as const
export type PrintDecision = (typeof printDecisions)[number]
export const printSettlementRow = z.strictObject({
  jobId: id,
  decision: z.enum(printDecisions),
  decidedAt: instantMs,
})
export type PrintSettlementRow = z.infer<typeof printSettlementRow>

export type TextAlign = 'start' | 'center' | 'end'
/** Character magnification of ESC/POS: 1 is 12 × 24 dots, 8 the largest. */
export type TextScale = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8

/** One element of a slip, independent of any printer; a dialect compiles it to bytes. */
export type TicketBlock =
  | { kind: 'text'; text: string; align?: TextAlign; scale?: TextScale; bold?: boolean }
  | { kind: 'row'; label: string; value: string; bold?: boolean }
  | { kind: 'rule' }
  | { kind: 'feed'; lines: number }
  | { kind: 'qr'; data: string; moduleDots: number; align?: TextAlign }
  /** CODE128 (GB/T 18347): ASCII only, at most 40 characters, `heightDots` of 8 dots a millimetre. */
  | { kind: 'code128'; data: string; heightDots: number; align?: TextAlign }

/** A whole slip (凭条); the printer driver adds the final cut. */
export interface TicketDoc {
  blocks: readonly TicketBlock[]
}
