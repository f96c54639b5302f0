import type { FeedChange, FeedKind } from '@yizhan/contracts/sync'
import { type FeedChecksum, feedChecksum, feedRowHash } from '@yizhan/rules/sync/feed-checksum'
import { dropBooking, putBooking } from '../appointment/kept-bookings.ts'
import { keepDecision } from '../printing/print-ledger.ts'
import type { Sql } from '../storage/sql.ts'
import { dropReferenceRow, putReferenceRow } from '../tenant/kept-hospital.ts'
import { type FeedRow, readFeedRow } from './feed-row.ts'

/** What a station does with the rows of one kind, within the caller's transaction. */
interface FeedKeeper<Row> {
  /** The table that keeps each row, with the column of its key; null where rows are not kept one by one. */
  table: 'booking' | 'reference_row' | null
  put(sql: Sql, kept: { key: string; row: Row; generation: number }): void
  drop(sql: Sql, key: string): void
}

/** One keeper for every kind of row that the centre sends down; a new kind is added here, at the centre and in the contract. */
const keepers: { [Kind in FeedKind]: FeedKeeper<FeedRow<Kind>> } = {
  hospital: referenceKeeper('hospital'),
  site: referenceKeeper('site'),
  clinic: referenceKeeper('clinic'),
  booking: {
    table: 'booking',
    put: (sql, { row, generation }) => putBooking(sql, row, generation),
    drop: dropBooking,
  },
  // Every station hears of every decision of its hospital; only the one whose slip it is keeps it, and none is taken back.
  'print-settlement': {
    table: null,
    put: (sql, { row }) => keepDecision(sql, row.jobId, row.decision),
    drop: () => undefined,
  },
  'staff-code': referenceKeeper('staff-code'),
  'staff-panel-credential': referenceKeeper('staff-panel-credential'),
}

/**
 * Applies one change of the feed. Returns false when the row is of a kind or shape that this release does not know:
 * a newer centre may send more than we understand, and that must stop nothing.
 */
export function applyFeedChange(sql: Sql, { kind, ...change }: FeedChange, generation: number): boolean {
  return isKnownKind(kind) && applyChangeOf(sql, kind, change, generation)
}

/** Drops what the snapshot that just ended did not name. */
export function dropOlderGenerations(sql: Sql, generation: number): void {
  sql.prepare('DELETE FROM reference_row WHERE generation < ?').run(generation)
  sql.prepare('DELETE FROM booking WHERE generation < ?').run(generation)
}

function applyChangeOf<Kind extends FeedKind>(
  sql: Sql,
  kind: Kind,
  { key, op, row: told }: Omit<FeedChange, 'kind'>,
  generation: number,
): boolean {
  const keeper = keepers[kind]
  if (op === 'del') {
    keeper.drop(sql, key)
    return true
  }
  const row = readFeedRow(kind, told)
  if (row === null) return false
  keeper.put(sql, { key, row, generation })
  noteHash(sql, keeper.table, { kind, key, hash: feedRowHash(kind, key, told) })
  return true
}

/** The kinds of which what is kept here is not what the centre says it should be; kinds that only one end keeps by row are left out. */
export function driftedKinds(sql: Sql, checksums: Readonly<Record<string, FeedChecksum>>): string[] {
  return Object.entries(checksums).flatMap(([kind, { count, xor64 }]) => {
    if (!isKnownKind(kind) || keepers[kind].table === null) return []
    const own = feedChecksum(hashesOf(sql, kind))
    return own.count === count && own.xor64 === xor64 ? [] : [kind]
  })
}

/** The hashes of the rows that are kept of a kind; none of a row that came before hashes were kept. */
function hashesOf(sql: Sql, kind: FeedKind): string[] {
  const rows =
    kind === 'booking'
      ? sql.prepare<[], { hash: string | null }>('SELECT row_hash AS hash FROM booking').all()
      : sql
          .prepare<[string], { hash: string | null }>('SELECT row_hash AS hash FROM reference_row WHERE kind = ?')
          .all(kind)
  return rows.flatMap(({ hash }) => hash ?? [])
}

function noteHash(
  sql: Sql,
  table: FeedKeeper<object>['table'],
  { kind, key, hash }: { kind: FeedKind; key: string; hash: string },
): void {
  if (table === 'booking') sql.prepare('UPDATE booking SET row_hash = ? WHERE booking_id = ?').run(hash, key)
  if (table === 'reference_row')
    sql.prepare('UPDATE reference_row SET row_hash = ? WHERE kind = ? AND key = ?').run(hash, kind, key)
}

function referenceKeeper(kind: FeedKind): FeedKeeper<object> {
  return {
    table: 'reference_row',
    put: (sql, { key, row, generation }) => putReferenceRow(sql, kind, key, row, generation),
    drop: (sql, key) => dropReferenceRow(sql, kind, key),
  }
}

function isKnownKind(kind: string): kind is FeedKind {
  return Object.hasOwn(keepers, kind)
}
