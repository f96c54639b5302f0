import type { ReceiptRow } from '@yizhan/contracts/receipt'
import { tenantOf, type Who } from '../access/reach.ts'
import { type CentreDb, inTenant } from '../postgres/database.ts'
import type { Outcome, TenantScope } from '../tenant/tenant-scope.ts'
import { insertReceipt, readReceipts } from './receipt-store.ts'

/** Keeps what a station gave a receipt number, once, by the id of the event that told of it. */
export async function keepReceipt(
  scope: TenantScope,
  eventId: string,
  receipt: Omit<ReceiptRow, 'stationName'>,
): Promise<void> {
  await insertReceipt(scope, eventId, receipt)
}

/** What was given a receipt number (回执号); refused when nothing with it has reached the centre. */
export async function findReceipts(
  db: CentreDb,
  who: Who,
  receiptNumber: string,
): Promise<Outcome<ReceiptRow[], 'receipt-unknown'>> {
  const receipts = await inTenant(db, who, (tx) => readReceipts(tx, tenantOf(who), receiptNumber))
  return receipts.length === 0 ? { ok: false, error: 'receipt-unknown' } : { ok: true, value: receipts }
}
