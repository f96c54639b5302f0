import type { ReadinessReport } from '@yizhan/contracts/readiness'
import { recordAudit } from '../audit/audit.ts'
import { ring } from '../sync/bell.ts'
import type { ReportedEvent } from '../sync/reported-event.ts'
import type { TenantScope } from '../tenant/tenant-scope.ts'

/** Keeps a station's readiness report (就绪检查); of several the one that the station wrote last counts. */
export async function keepReadiness(scope: TenantScope, event: ReportedEvent<ReadinessReport>): Promise<void> {
  const { body, stationId, epoch, seq } = event
  await scope.tx
    .updateTable('station')
    .set({ readiness: JSON.stringify(body), readiness_epoch: epoch, readiness_seq: seq })
    .where('tenant_id', '=', scope.tenantId)
    .where('station_id', '=', stationId)
    .where(({ eb, or, refTuple, tuple }) =>
      or([eb('readiness_epoch', 'is', null), eb(refTuple('readiness_epoch', 'readiness_seq'), '<', tuple(epoch, seq))]),
    )
    .execute()
  await recordAudit(scope, { action: 'readiness-reported', objectKind: 'station', objectId: stationId })
  await ring(scope, 'stations')
}
