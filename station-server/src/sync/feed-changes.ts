import type { BookingRow } from '@yizhan/contracts/appointment'
import type { PrintSettlementRow } from '@yizhan/contracts/printing'
import { type FeedChange, type FeedKind, feedRows } from '@yizhan/contracts/sync'
import { putBooking } from '../appointment/kept-bookings.ts'
import { keepDecision } from '../printing/print-ledger.ts'
import type { Sql } from '../storage/sql.ts'
import { putReferenceRow } from '../tenant/kept-hospital.ts'

/**
 * Applies one change of the feed. Returns false when the row is of a kind or shape that this release does not know:
 * a newer centre may send more than we understand, and that must stop nothing.
 */
export function applyFeedChange(sql: Sql, change: FeedChange, generation: number): boolean {
  if (!isKnownKind(change.kind)) return false
  if (change.op === 'del') {
    deleteRow(sql, change.kind, change.key)
    return true
  }
  const parsed = feedRows[change.kind].safeParse(change.row)
  if (!parsed.success) return false
  putRow(sql, change.kind, change.key, parsed.data, generation)
  return true
}

/** Drops what the snapshot that just ended did not name. */
export function dropOlderGenerations(sql: Sql, generation: number): void {
  sql.prepare('DELETE FROM reference_row WHERE generation < ?').run(generation)
  sql.prepare('DELETE FROM booking WHERE generation < ?').run(generation)
}

function putRow(sql: Sql, kind: FeedKind, key: string, row: object, generation: number): void {
  if (kind === 'booking') putBooking(sql, row as BookingRow, generation)
  else if (kind === 'print-settlement') keepDecisionOf(sql, row as PrintSettlementRow)
  else putReferenceRow(sql, kind, key, row, generation)
}

/** Every station hears of every decision of its hospital; only the one whose slip it is keeps it. */
function keepDecisionOf(sql: Sql, { jobId, decision }: PrintSettlementRow): void {
  keepDecision(sql, jobId, decision)
}

function isKnownKind(kind: string): kind is keyof typeof feedRows {
  return Object.hasOwn(feedRows, kind)
}

function deleteRow(sql: Sql, kind: string, key: string): void {
  if (kind === 'booking') sql.prepare('DELETE FROM booking WHERE booking_id = ?').run(key)
  else sql.prepare('DELETE FROM reference_row WHERE kind = ? AND key = ?').run(kind, key)
}
