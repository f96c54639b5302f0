import { sql } from 'kysely'
import { type CentreLoop, startCentreLoop } from '../centre-loop.ts'
import { tellModules } from '../event/tell-modules.ts'
import { type CentreDb, inTenant, tenantIds } from '../postgres/database.ts'
import type { TenantScope } from '../tenant/tenant-scope.ts'
import { onlineWithinMs } from './station-usability.ts'

/** As often as stations report: what is told is at most one report late. */
const lookEveryMs = 15_000

/**
 * Tells the modules when a station is no longer heard and when it is back, once each, whichever node notices. Pages learn of it
 * sooner, by the watch that every node keeps in memory.
 */
export function startAbsenceWatch(deps: {
  db: CentreDb
  now: () => number
  onFault: (error: unknown) => void
}): CentreLoop {
  return startCentreLoop({ everyMs: lookEveryMs, onFault: deps.onFault, work: () => noteAbsences(deps.db, deps.now()) })
}

/** Notes in every hospital which stations have fallen silent, and which are back. */
export async function noteAbsences(db: CentreDb, nowMs: number): Promise<void> {
  const actor = { kind: 'system' as const, id: 'absence-watch', requestId: 'absence-watch' }
  for (const tenantId of await tenantIds(db)) {
    await inTenant(db, tenantId, async (tx) => {
      const scope = { tx, tenantId, nowMs, actor }
      for (const gone of await noteGone(scope)) await tellModules(scope, 'fleet.station.went-offline', gone)
      for (const back of await noteBack(scope)) await tellModules(scope, 'fleet.station.came-online', back)
    })
  }
}

interface Noted {
  stationId: string
  siteId: string
  since: number
}

async function noteGone({ tx, tenantId, nowMs }: TenantScope): Promise<Noted[]> {
  const silentSince = new Date(nowMs - onlineWithinMs)
  const { rows } = await sql<Noted>`
    with gone as (
      insert into station_absence (tenant_id, station_id, since)
      select tenant_id, station_id, last_report_at from station
      where tenant_id = ${tenantId} and revoked_at is null and last_report_at <= ${silentSince}
      on conflict do nothing returning station_id, since)
    select gone.station_id as "stationId", s.site_id as "siteId", gone.since from gone
      join station s on s.tenant_id = ${tenantId} and s.station_id = gone.station_id order by gone.station_id`.execute(
    tx,
  )
  return rows
}

async function noteBack({ tx, tenantId, nowMs }: TenantScope): Promise<Noted[]> {
  const silentSince = new Date(nowMs - onlineWithinMs)
  const { rows } = await sql<Noted & { revoked: boolean }>`
    delete from station_absence a using station s
    where a.tenant_id = ${tenantId} and s.tenant_id = a.tenant_id and s.station_id = a.station_id
      and (s.last_report_at > ${silentSince} or s.revoked_at is not null)
    returning a.station_id as "stationId", s.site_id as "siteId", s.last_report_at as since,
      s.revoked_at is not null as revoked`.execute(tx)
  return rows.filter(({ revoked }) => !revoked).map(({ stationId, siteId, since }) => ({ stationId, siteId, since }))
}
