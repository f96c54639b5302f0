import type { Locale } from '@yizhan/contracts/local-text'
import type { SupervisedPrinter } from '@yizhan/device-drivers/printing/supervised-printer'
import { clearMeta, readMeta, writeMeta } from '../storage/meta.ts'
import type { Sql } from '../storage/sql.ts'
import type { StationDb } from '../storage/station-db.ts'
import { voidSlip } from './void-slip.ts'

/** Notes, within the caller's transaction, that something unfinished may hang in the printer. */
export function noteUnfinishedSlip(sql: Sql, locale: Locale): void {
  writeMeta(sql, 'unfinished-slip', locale)
}

/** Forgets the note: what it was made for came out whole, or nothing of it left. */
export function forgetUnfinishedSlip(sql: Sql): void {
  clearMeta(sql, 'unfinished-slip')
}

/**
 * Ends what an interrupted print may have left hanging in the printer with a void slip, before the next slip; false when that
 * did not work. The note of it is durable and apart from any job: the void slip's own cut must never count as the cut of a
 * ticket.
 */
export async function closeUnfinishedSlip(
  { db, printer }: { db: StationDb; printer: SupervisedPrinter },
  deadlineMs: number,
): Promise<boolean> {
  const locale = readMeta(db.sql, 'unfinished-slip')
  if (locale === null) return true
  const voided = await printer.printVoidSlip(voidSlip(locale === 'en' ? 'en' : 'zh-CN'), deadlineMs)
  if (!voided.ok) return false
  await db.transact(forgetUnfinishedSlip)
  return true
}
