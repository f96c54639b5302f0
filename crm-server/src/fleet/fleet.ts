import { type StationAlarm, type StationRow, stationAlarm } from '@yizhan/contracts/fleet'
import type { LocalText } from '@yizhan/contracts/local-text'
import type { SignedWipeOrder } from '@yizhan/contracts/station-order'
import type { StationReport } from '@yizhan/contracts/sync'
import { instantMs } from '@yizhan/contracts/time'
import { hospitalCalendar } from '@yizhan/rules/working-time/hospital-time'
import { z } from 'zod'
import { tenantOf, type Who } from '../access/reach.ts'
import { overdueAttachments } from '../attachment/attachment.ts'
import { recordAudit } from '../audit/audit.ts'
import { type CentreDb, inTenant, type TenantTx } from '../postgres/database.ts'
import { ring } from '../sync/bell.ts'
import { setAsideByStation } from '../sync/dead-letter.ts'
import { type OperationReused, once } from '../tenant/carried-out-once.ts'
import { hospitalOf } from '../tenant/tenant.ts'
import { type Caller, inScope, type Outcome, type TenantScope } from '../tenant/tenant-scope.ts'
import { readStationPlace, readStations, revokeStationRow } from './fleet-store.ts'
import { type SilenceRule, standingAlarms, usualSilenceRule, type WatchedStation } from './standing-alarm.ts'
import { readOpenAlarms } from './station-alarm-store.ts'
import { placeStation } from './station-enrolment.ts'
import { readStationKey } from './station-key.ts'
import { stationLink, stationUsability } from './station-usability.ts'
import { layOutWipeOrder, type WipeMoment } from './wipe-order.ts'

/** What enrols a station. */
export interface Enrolment {
  operationId: string
  stationId: string
  siteId: string
  name: LocalText
  letter: string
  publicKey: string
}

const enrolled = z.strictObject({ stationId: z.string(), keyFingerprint: z.string() })
const revoked = z.strictObject({ revokedAt: instantMs })

/** Lets a station in by its public key; from then on its signed requests are served. */
export async function enrolStation(
  db: CentreDb,
  caller: Caller,
  input: Enrolment,
): Promise<Outcome<z.infer<typeof enrolled>, 'site-unknown' | 'letter-taken' | 'key-invalid' | OperationReused>> {
  const key = readStationKey(input.publicKey)
  if (key === null) return { ok: false, error: 'key-invalid' }
  const operation = { operationId: input.operationId, call: 'enrol-station', input, answer: enrolled }
  return await inScope(db, caller, (scope) =>
    once(scope, operation, async () => {
      const placed = await placeStation(scope, { stationId: input.stationId, key }, input)
      if (!placed.ok) return placed
      await recordAudit(scope, { action: 'station-enrolled', objectKind: 'station', objectId: input.stationId })
      return { ok: true, value: { stationId: input.stationId, keyFingerprint: key.fingerprint } }
    }),
  )
}

/**
 * Refuses a station from now on ; revoking it again keeps the first time and reason. An order to wipe is laid
 * out for it with that.
 */
export async function revokeStation(
  db: CentreDb,
  caller: Caller,
  input: { stationId: string; operationId: string; reason: string; wipe?: WipeMoment | undefined },
  wipeOrder: SignedWipeOrder | null = null,
): Promise<Outcome<z.infer<typeof revoked>, 'station-unknown' | OperationReused>> {
  const operation = { operationId: input.operationId, call: 'revoke-station', input, answer: revoked }
  return await inScope(db, caller, (scope) =>
    once(scope, operation, async () => {
      const revokedAt = await revokeStationRow(scope, input.stationId, input.reason)
      if (revokedAt === null) return { ok: false, error: 'station-unknown' }
      if (wipeOrder !== null) await layOutWipeOrder(scope, input.stationId, wipeOrder)
      const { stationId: objectId, reason } = input
      await recordAudit(scope, { action: 'station-revoked', objectKind: 'station', objectId, reason })
      await ring(scope, 'stations', 'feed')
      return { ok: true, value: { revokedAt } }
    }),
  )
}

/** Every station with its state as it is known at this moment. */
export async function listStations(
  db: CentreDb,
  who: Who,
  nowMs: number,
  rule: SilenceRule = usualSilenceRule,
): Promise<StationRow[]> {
  const tenantId = tenantOf(who)
  const { rows, alarms, setAside, overdue, hospital } = await inTenant(db, who, async (tx) => ({
    rows: await readStations(tx, tenantId),
    hospital: await hospitalOf(tx, tenantId),
    setAside: await setAsideByStation(tx, tenantId),
    overdue: await overdueAttachments(tx, tenantId, nowMs),
    alarms: Map.groupBy(await readOpenAlarms(tx, tenantId), (alarm) => alarm.station_id),
  }))
  const watch = { rule, calendar: hospitalCalendar(hospital.zone), nowMs }
  return rows.map((row) => {
    const report = row.last_report
    const link = stationLink(
      { lastReportAt: row.last_report_at, revokedAt: row.revoked_at, quarantinedAt: row.quarantined_at },
      nowMs,
    )
    const keySince = row.key_since ?? row.enrolled_at
    const events = setAside.get(row.station_id) ?? null
    return {
      stationId: row.station_id,
      name: row.name,
      siteName: row.site_name,
      letter: row.letter,
      link,
      usability: stationUsability(link, report),
      lastReportAt: row.last_report_at,
      ...reportedFacts(report),
      readiness: row.readiness,
      parkedEvents: events === null ? 0 : events.parked + events.failed,
      alarms: (alarms.get(row.station_id) ?? []).map(alarmOf),
      standing: standingAlarms(
        watchedOf(row, { link, keySince, setAside: events, overdueAttachments: overdue.get(row.station_id) ?? null }),
        watch,
      ),
      keyFingerprint: row.key_fingerprint,
      keySince,
      replaces: row.replaces,
      replacedBy: row.replaced_by,
      wipe: row.wiped_at !== null ? 'wiped' : row.wipe_order !== null ? 'ordered' : null,
    }
  })
}

/** What a station last told of itself, as its row shows it. */
function reportedFacts(report: StationReport | null) {
  return {
    appVersion: report?.appVersion ?? null,
    devices: report?.devices ?? [],
    outboxDepth: report?.outboxDepth ?? null,
    oldestUnsentAt: report?.oldestUnsentAt ?? null,
    undecidedPrints: report?.undecidedPrints ?? null,
    failedPrints: report?.failedPrints ?? null,
    diskFreeBytes: report?.diskFreeBytes ?? null,
  }
}

/** What the standing alarms of a station are worked out from. */
function watchedOf(
  row: Awaited<ReturnType<typeof readStations>>[number],
  told: Pick<WatchedStation, 'link' | 'keySince' | 'setAside' | 'overdueAttachments'>,
): WatchedStation {
  const { last_report_at: lastReportAt, quarantined_at: quarantinedAt, rotation_asked_at: rotationAskedAt } = row
  return { ...told, lastReportAt, quarantinedAt, rotationAskedAt }
}

/** The row of an alarm as the contract tells of it: its detail is of the shape that its kind says, since its event was checked. */
function alarmOf(row: Awaited<ReturnType<typeof readOpenAlarms>>[number]): StationAlarm {
  return stationAlarm.parse({ alarmId: row.alarm_id, kind: row.kind, detail: row.detail, raisedAt: row.raised_at })
}

/** What a station is called and where it stands. Throws when there is none: whoever asks has proved to be it. */
export async function stationPlaceOf(
  tx: TenantTx,
  tenantId: string,
  stationId: string,
): Promise<{ stationName: LocalText; siteId: string; stationLetter: string; leastEpoch: number }> {
  const place = await readStationPlace(tx, tenantId, stationId)
  if (place === undefined) throw new Error('no such station')
  return place
}

/** Keeps what a station last told about itself. A report is a state, not a deed: it leaves no audit row. */
export async function keepStationReport(scope: TenantScope, stationId: string, report: StationReport): Promise<void> {
  await scope.tx
    .updateTable('station')
    .set({ last_report: JSON.stringify(report), last_report_at: new Date(scope.nowMs) })
    .where('tenant_id', '=', scope.tenantId)
    .where('station_id', '=', stationId)
    .execute()
  await ring(scope, 'stations')
}
