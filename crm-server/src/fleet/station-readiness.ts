import type { ReadinessReport } from '@yizhan/contracts/readiness'
import { sql } from 'kysely'
import { recordAudit } from '../audit/audit.ts'
import { keepReceipt } from '../receipt/receipt.ts'
import { ring } from '../sync/bell.ts'
import type { ReportedEvent } from '../sync/reported-event.ts'
import type { TenantScope } from '../tenant/tenant-scope.ts'

/**
 * Keeps a station's readiness report (就绪检查) under its receipt number; of several the one that the station wrote last is the
 * station's. One that came by the lane `bulk` is later than any of `ops`, by which a release of before sent them.
 */
export async function keepReadiness(scope: TenantScope, event: ReportedEvent<ReadinessReport>): Promise<void> {
  const { body, stationId, epoch, lane, seq } = event
  await scope.tx
    .updateTable('station')
    .set({ readiness: JSON.stringify(body), readiness_epoch: epoch, readiness_lane: lane, readiness_seq: seq })
    .where('tenant_id', '=', scope.tenantId)
    .where('station_id', '=', stationId)
    .where(
      sql<boolean>`readiness_epoch is null or (readiness_epoch, readiness_lane = 'bulk', readiness_seq)
        < (${epoch}::bigint, ${lane}::text = 'bulk', ${seq}::bigint)`,
    )
    .execute()
  if (body.receiptNumber !== undefined) {
    const { receiptNumber, changedAt } = body
    const receipt = { receiptNumber, kind: 'readiness', stationId, issuedAt: changedAt, report: body } as const
    await keepReceipt(scope, event.eventId, receipt)
  }
  await recordAudit(scope, { action: 'readiness-reported', objectKind: 'station', objectId: stationId })
  await ring(scope, 'stations')
}
