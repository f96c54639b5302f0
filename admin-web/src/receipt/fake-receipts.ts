import { ORPCError } from '@orpc/client'
import type { ReceiptRow } from '@yizhan/contracts/receipt'
import { receiptNumberOf } from '@yizhan/rules/receipt/receipt-number'
import { fakeReadiness } from '../fleet/fake-device-history.ts'

/** The readiness check of station L under its number; nothing is known of any other. */
export function findFakeReceipt(now: number, receiptNumber: string | undefined): { receipts: ReceiptRow[] } {
  const known = receiptNumberOf({ day: '2026-11-22', stationLetter: 'L', mark: 320, sequence: 1 })
  if (receiptNumber !== known) throw new ORPCError('receipt-unknown', { defined: true, status: 404 })
  const report = { ...fakeReadiness(now), receiptNumber: known }
  const stationName = { 'zh-CN': '大厅 L', en: 'Lobby L' }
  const stationId = '019ab000-0000-7000-8000-000000000276'
  return {
    receipts: [{ receiptNumber: known, kind: 'readiness', stationId, stationName, issuedAt: report.changedAt, report }],
  }
}
