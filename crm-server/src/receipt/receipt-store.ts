import type { ReceiptRow } from '@yizhan/contracts/receipt'
import type { TenantTx } from '../postgres/database.ts'
import type { TenantScope } from '../tenant/tenant-scope.ts'

/** Keeps a receipt once, by the id of the event that told of it. */
export async function insertReceipt(
  scope: TenantScope,
  receiptId: string,
  receipt: Omit<ReceiptRow, 'stationName'>,
): Promise<void> {
  await scope.tx
    .insertInto('receipt')
    .values({
      tenant_id: scope.tenantId,
      receipt_id: receiptId,
      receipt_number: receipt.receiptNumber,
      kind: receipt.kind,
      station_id: receipt.stationId,
      issued_at: new Date(receipt.issuedAt),
      report: JSON.stringify(receipt.report),
    })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'receipt_id']).doNothing())
    .execute()
}

/** What was given a number, the earliest first. */
export async function readReceipts(tx: TenantTx, tenantId: string, receiptNumber: string): Promise<ReceiptRow[]> {
  return await tx
    .selectFrom('receipt')
    .innerJoin('station', (join) =>
      join.onRef('station.tenant_id', '=', 'receipt.tenant_id').onRef('station.station_id', '=', 'receipt.station_id'),
    )
    .select(['receipt.receipt_number as receiptNumber', 'receipt.kind', 'receipt.station_id as stationId'])
    .select(['station.name as stationName', 'receipt.issued_at as issuedAt', 'receipt.report'])
    .where('receipt.tenant_id', '=', tenantId)
    .where('receipt.receipt_number', '=', receiptNumber)
    .orderBy('receipt.issued_at')
    .orderBy('receipt.receipt_id')
    .limit(mostOfOneNumber)
    .execute()
}

/** The contract's limit; more than one is already a station in trouble. */
const mostOfOneNumber = 20
