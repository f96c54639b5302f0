import type { ModuleEventBody } from '@yizhan/contracts/module-event'
import type { ModuleEvent } from '../event/tell-modules.ts'
import { stationNameOf } from '../fleet/station-name.ts'
import type { TenantScope } from '../tenant/tenant-scope.ts'
import { publishOnce } from './notice.ts'

/** Tells the administrators of an alarm of a station; each says that they have taken note. */
export async function announceAlarm(
  scope: TenantScope,
  { eventId, body }: ModuleEvent<ModuleEventBody<'fleet.alarm.raised'>>,
): Promise<void> {
  const { stationId, kind } = body
  const stationName = await stationNameOf(scope, stationId)
  await publishOnce(scope, {
    subject: { kind: 'station-alarm', stationId, stationName, alarm: kind },
    targets: {
      everyone: false,
      roles: ['administrator', 'platform-administrator'],
      departmentIds: [],
      userIds: [],
    },
    mustAcknowledge: true,
    cause: eventId,
  })
}
