import type { LocalText } from '@yizhan/contracts/local-text'
import { hospitalCalendar } from '@yizhan/rules/working-time/hospital-time'
import { recordAudit } from '../audit/audit.ts'
import { ring } from '../sync/bell.ts'
import { hospitalOf, sitesOf } from '../tenant/tenant.ts'
import type { Outcome, TenantScope } from '../tenant/tenant-scope.ts'
import { insertStation, lockStationRow, readLastRevocation, revokeStationRow } from './fleet-store.ts'
import type { StationKey } from './station-key.ts'

/** A station's own half of its enrolment. */
interface EnrolledMachine {
  stationId: string
  key: StationKey
}

/** Where it will stand. */
interface NewPlace {
  siteId: string
  name: LocalText
  letter: string
}

/**
 * Gives a machine a place of its own. The letter of a station that was revoked today is free again tomorrow: fallback numbers
 * of today bear it.
 */
export async function placeStation(
  scope: TenantScope,
  machine: EnrolledMachine,
  place: NewPlace,
): Promise<Outcome<null, 'site-unknown' | 'letter-taken'>> {
  const sites = await sitesOf(scope.tx, scope.tenantId)
  if (!sites.some(({ siteId }) => siteId === place.siteId)) return { ok: false, error: 'site-unknown' }
  const added = await insertStation(scope.tx, rowOf(scope, machine, place))
  // Looked at after the insert, which has waited for a revocation under way.
  if (!added || (await wasRevokedToday(scope, place.letter))) return { ok: false, error: 'letter-taken' }
  await ring(scope, 'stations')
  return { ok: true, value: null }
}

/**
 * Gives a machine the place of another, which is revoked at the same moment: name, letter and site. Its fallback numbers begin in
 * the epoch after the other's last, so that the letter goes on today without a number twice.
 */
export async function takeOverPlace(
  scope: TenantScope,
  machine: EnrolledMachine,
  replacedId: string,
): Promise<Outcome<null, 'replaced-unknown' | 'letter-taken'>> {
  const replaced = await lockStationRow(scope.tx, scope.tenantId, replacedId)
  if (replaced === undefined || replaced.revoked_at !== null) return { ok: false, error: 'replaced-unknown' }
  await revokeStationRow(scope, replacedId, `replaced by ${machine.stationId}`)
  await recordAudit(scope, { action: 'station-revoked', objectKind: 'station', objectId: replacedId })
  const { site_id: siteId, name, letter } = replaced
  const added = await insertStation(scope.tx, {
    ...rowOf(scope, machine, { siteId, name, letter }),
    replaces: replacedId,
    least_epoch: replaced.highest_epoch + 1,
  })
  if (!added) return { ok: false, error: 'letter-taken' }
  await ring(scope, 'stations', 'feed')
  return { ok: true, value: null }
}

/**
 * Takes a quarantined station back under a new key: the other machine has only the old one. Its next epoch is a new one, for
 * both may have given out numbers of the last.
 */
export async function takeBack(
  scope: TenantScope,
  { stationId, key }: EnrolledMachine,
): Promise<Outcome<null, 'station-known'>> {
  const station = await lockStationRow(scope.tx, scope.tenantId, stationId)
  if (station === undefined || station.quarantined_at === null || station.revoked_at !== null) {
    return { ok: false, error: 'station-known' }
  }
  await scope.tx
    .updateTable('station')
    .set({
      public_key: key.publicKey,
      key_fingerprint: key.fingerprint,
      key_since: new Date(scope.nowMs),
      previous_public_key: null,
      previous_key_until: null,
      rotation_asked_at: null,
      quarantined_at: null,
      boot_id: null,
      boot_challenge: null,
      boot_proved: false,
      boots_heard: [],
      least_epoch: station.highest_epoch + 1,
    })
    .where('tenant_id', '=', scope.tenantId)
    .where('station_id', '=', stationId)
    .execute()
  await ring(scope, 'stations')
  return { ok: true, value: null }
}

function rowOf(scope: TenantScope, { stationId, key }: EnrolledMachine, { siteId, name, letter }: NewPlace) {
  return {
    tenant_id: scope.tenantId,
    station_id: stationId,
    site_id: siteId,
    name: JSON.stringify(name),
    letter,
    public_key: key.publicKey,
    key_fingerprint: key.fingerprint,
    key_since: new Date(scope.nowMs),
    enrolled_at: new Date(scope.nowMs),
  }
}

async function wasRevokedToday(scope: TenantScope, letter: string): Promise<boolean> {
  const revokedAt = await readLastRevocation(scope.tx, scope.tenantId, letter)
  if (revokedAt === null) return false
  const { zone } = await hospitalOf(scope.tx, scope.tenantId)
  const calendar = hospitalCalendar(zone)
  return calendar.dayOf(revokedAt) >= calendar.dayOf(scope.nowMs)
}
