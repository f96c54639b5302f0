import type { StationAlarm } from '@yizhan/contracts/fleet'
import { instantMs } from '@yizhan/contracts/time'
import { z } from 'zod'
import { recordAudit } from '../audit/audit.ts'
import { tellModules } from '../event/tell-modules.ts'
import type { CentreDb } from '../postgres/database.ts'
import { ring } from '../sync/bell.ts'
import type { ReportedEvent } from '../sync/reported-event.ts'
import { type OperationReused, once } from '../tenant/carried-out-once.ts'
import { type Caller, inScope, type Outcome, type TenantScope } from '../tenant/tenant-scope.ts'
import { acknowledgeAlarmRow, insertAlarm } from './station-alarm-store.ts'

/** Raises an alarm (告警) of what a station tells of its memory; told twice, it is raised once. */
export function raiseAlarm<Kind extends StationAlarm['kind']>(kind: Kind) {
  return async (
    scope: TenantScope,
    { eventId, stationId, body }: ReportedEvent<Extract<StationAlarm, { kind: Kind }>['detail']>,
  ): Promise<void> => {
    if (!(await insertAlarm(scope, { alarmId: eventId, stationId, kind, detail: body }))) return
    await recordAudit(scope, { action: `alarm-raised-${kind}`, objectKind: 'station', objectId: stationId })
    await ring(scope, 'stations')
    await tellModules(scope, 'fleet.alarm.raised', { alarmId: eventId, stationId, kind })
  }
}

const acknowledged = z.strictObject({ acknowledgedAt: instantMs })

/** Notes that somebody has looked after an alarm; the first who says so stands. */
export async function acknowledgeAlarm(
  db: CentreDb,
  caller: Caller,
  input: { stationId: string; alarmId: string; operationId: string },
): Promise<Outcome<z.infer<typeof acknowledged>, 'alarm-unknown' | OperationReused>> {
  const operation = { operationId: input.operationId, call: 'acknowledge-alarm', input, answer: acknowledged }
  return await inScope(db, caller, (scope) =>
    once(scope, operation, async () => {
      const acknowledgedAt = await acknowledgeAlarmRow(scope, input)
      if (acknowledgedAt === null) return { ok: false, error: 'alarm-unknown' }
      await recordAudit(scope, { action: 'alarm-acknowledged', objectKind: 'station', objectId: input.stationId })
      await ring(scope, 'stations')
      return { ok: true, value: { acknowledgedAt } }
    }),
  )
}
