import type { BookingRow } from '@yizhan/contracts/appointment'
import { type FeedChange, feedRows } from '@yizhan/contracts/sync'
import { putBooking } from '../appointment/kept-bookings.ts'
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
  if (change.kind === 'booking') putBooking(sql, parsed.data as BookingRow, generation)
  else putReferenceRow(sql, change.kind, change.key, parsed.data, generation)
  return true
}

/** Drops what the snapshot that just ended did not name. */
export function dropOlderGenerations(sql: Sql, generation: number): void {
  sql.prepare('DELETE FROM reference_row WHERE generation < ?').run(generation)
  sql.prepare('DELETE FROM booking WHERE generation < ?').run(generation)
}

function isKnownKind(kind: string): kind is keyof typeof feedRows {
  return Object.hasOwn(feedRows, kind)
}

function deleteRow(sql: Sql, kind: string, key: string): void {
  if (kind === 'booking') sql.prepare('DELETE FROM booking WHERE booking_id = ?').run(key)
  else sql.prepare('DELETE FROM reference_row WHERE kind = ? AND key = ?').run(kind, key)
}
