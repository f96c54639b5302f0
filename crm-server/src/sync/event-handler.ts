import { type StationEventName, stationEvents } from '@yizhan/contracts/sync'
import type { z } from 'zod'
import { recordArrival } from '../appointment/arrival.ts'
import { expectAttachment, noteAttachmentLost } from '../attachment/attachment.ts'
import { raiseAlarm } from '../fleet/station-alarm.ts'
import { keepReadiness } from '../fleet/station-readiness.ts'
import { recordTicketPrint } from '../printing/ticket-print.ts'
import type { TenantScope } from '../tenant/tenant-scope.ts'
import type { ReportedEvent } from './reported-event.ts'

/** What the centre does with one kind of event. Applying an event twice, or in another order, changes nothing. */
interface EventHandler {
  /** The newest version of the event that this release understands. */
  schemaVersion: number
  understand(event: StoredEvent): Understanding
}

/** A stored event, understood or not. */
export type Understanding =
  | { understood: true; apply: (scope: TenantScope) => Promise<void> }
  | { understood: false; reason: string }

/** An event as the inbox holds it: its body is still text. */
export interface StoredEvent extends Omit<ReportedEvent<unknown>, 'body'> {
  type: string
  schemaVersion: number
  body: string
}

/** One handler for every event that a station may report. */
export const eventHandlers: Record<StationEventName, EventHandler> = {
  'patient-arrived': handlerOf(1, stationEvents['patient-arrived'], recordArrival),
  'ticket-print-settled': handlerOf(1, stationEvents['ticket-print-settled'], recordTicketPrint),
  'readiness-reported': handlerOf(1, stationEvents['readiness-reported'], keepReadiness),
  'storage-rebuilt': handlerOf(1, stationEvents['storage-rebuilt'], raiseAlarm('storage-rebuilt')),
  'outbox-rewound': handlerOf(1, stationEvents['outbox-rewound'], raiseAlarm('outbox-rewound')),
  'attachment-made': handlerOf(1, stationEvents['attachment-made'], expectAttachment),
  'attachment-lost': handlerOf(1, stationEvents['attachment-lost'], noteAttachmentLost),
}

/** Finds the handler of a stored event and checks its body; the reason otherwise names the field, never its content. */
export function understand(event: StoredEvent): Understanding {
  const { type } = event
  if (!isStationEvent(type)) return { understood: false, reason: 'type-unknown' }
  const handler = eventHandlers[type]
  if (event.schemaVersion > handler.schemaVersion) return { understood: false, reason: 'version-newer' }
  return handler.understand(event)
}

function isStationEvent(type: string): type is StationEventName {
  return Object.hasOwn(stationEvents, type)
}

function handlerOf<Body>(
  schemaVersion: number,
  schema: z.ZodType<Body>,
  apply: (scope: TenantScope, event: ReportedEvent<Body>) => Promise<void>,
): EventHandler {
  return {
    schemaVersion,
    understand({ eventId, stationId, epoch, lane, seq, occurredAt, hlc, body }) {
      const checked = schema.safeParse(JSON.parse(body))
      if (!checked.success) {
        const field = checked.error.issues[0]?.path.join('.') ?? ''
        return { understood: false, reason: `body-invalid: ${field}`.slice(0, 200) }
      }
      const reported = { eventId, stationId, epoch, lane, seq, occurredAt, hlc, body: checked.data }
      return { understood: true, apply: (scope) => apply(scope, reported) }
    },
  }
}
