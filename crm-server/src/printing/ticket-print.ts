import type { StationEvent } from '@yizhan/contracts/sync'
import { recordAudit } from '../audit/audit.ts'
import { ring } from '../sync/bell.ts'
import type { ReportedEvent } from '../sync/reported-event.ts'
import type { TenantScope } from '../tenant/tenant-scope.ts'

type TicketPrintSettled = Extract<StationEvent, { type: 'ticket-print-settled' }>['body']

/** Keeps how a print job ended; of several reports of one job the one that its station wrote last counts. */
export async function recordTicketPrint(scope: TenantScope, event: ReportedEvent<TicketPrintSettled>): Promise<void> {
  const { body } = event
  const settled = {
    station_id: event.stationId,
    booking_id: body.bookingId,
    state: body.state,
    copy: body.copy,
    settled_at: new Date(body.settledAt),
    settled_by: body.by,
    epoch: event.epoch,
    seq: event.seq,
  }
  await scope.tx
    .insertInto('ticket_print')
    .values({ tenant_id: scope.tenantId, job_id: body.jobId, ...settled })
    .onConflict((conflict) =>
      conflict
        .columns(['tenant_id', 'job_id'])
        .doUpdateSet(settled)
        .where(({ eb, refTuple, tuple }) =>
          eb(refTuple('ticket_print.epoch', 'ticket_print.seq'), '<', tuple(event.epoch, event.seq)),
        ),
    )
    .execute()
  // A slip that simply came out changes nothing on anybody's page; there are thousands of those a day.
  if (body.state !== 'confirmed' || body.by !== 'evidence') await ring(scope, 'stations')
  await recordAudit(scope, { action: 'ticket-print-settled', objectKind: 'print-job', objectId: body.jobId })
}
