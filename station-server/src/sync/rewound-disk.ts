import { dropNumberBlocks } from '../queue/number-blocks.ts'
import type { NumberWitness } from '../queue/number-witness.ts'
import type { StationLog } from '../station/station-log.ts'
import type { Sql } from '../storage/sql.ts'
import { appendToOutbox, openNextEpoch } from './outbox.ts'

/**
 * Looks, at the start and before any number is given out, whether the database is an older copy than the witness has seen (磁盘回退).
 * Then a new epoch is opened, the leases are given up, and the staff are alarmed: events of since are gone unless the centre has
 * them. True when it is so.
 */
export function noticeRewoundDisk(
  sql: Sql,
  { witness, now, log }: { witness: NumberWitness; now: () => number; log: StationLog },
): boolean {
  const seen = witness.findRewound(sql)
  if (seen === null) return false
  const epoch = sql.transaction(() => openEpochAfter(sql, seen, now())).immediate()
  log.error({ seen, epoch }, 'this disk is older than its witness; opened a new epoch')
  return true
}

function openEpochAfter(sql: Sql, seen: number, at: number): number {
  const epoch = openNextEpoch(sql, seen + 1)
  // Numbers that this disk believes to be free may be on slips already.
  dropNumberBlocks(sql)
  appendToOutbox(sql, { type: 'outbox-rewound', body: { at, cause: 'station-older', epoch } }, at)
  return epoch
}
