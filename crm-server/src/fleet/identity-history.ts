import { type IdentityEvent, identityEvents } from '@yizhan/contracts/fleet'
import { tenantOf, type Who } from '../access/reach.ts'
import { type CentreDb, inTenant, type TenantTx } from '../postgres/database.ts'
import type { Outcome } from '../tenant/tenant-scope.ts'

/** One thing that became of the identity of a station. */
export interface IdentityEntry {
  at: number
  stationId: string
  what: IdentityEvent
}

/** What one page shows; a place that had more needs another question. */
const mostEntries = 100
/** Machines before one in its place that are followed. */
const mostBefore = 10

/** What became of the identity of a station and of those whose place it took over, the newest first. */
export async function listIdentityHistory(
  db: CentreDb,
  who: Who,
  stationId: string,
): Promise<Outcome<IdentityEntry[], 'station-unknown'>> {
  const tenantId = tenantOf(who)
  return await inTenant(db, who, async (tx) => {
    const chain = await placeHolders(tx, tenantId, stationId)
    if (chain.length === 0) return { ok: false, error: 'station-unknown' }
    const rows = await tx
      .selectFrom('audit')
      .select(['at', 'object_id as stationId', 'action'])
      .where('tenant_id', '=', tenantId)
      .where('object_kind', '=', 'station')
      .where('object_id', 'in', chain)
      .where('action', 'in', identityEvents)
      .orderBy('at', 'desc')
      .orderBy('audit_id', 'desc')
      .limit(mostEntries)
      .execute()
    return {
      ok: true,
      value: rows.map(({ at, stationId: id, action }) => ({ at, stationId: id, what: eventOf(action) })),
    }
  })
}

async function placeHolders(tx: TenantTx, tenantId: string, stationId: string): Promise<string[]> {
  const chain: string[] = []
  for (let next: string | null = stationId; next !== null && chain.length <= mostBefore; ) {
    const station: { replaces: string | null } | undefined = await tx
      .selectFrom('station')
      .select('replaces')
      .where('tenant_id', '=', tenantId)
      .where('station_id', '=', next)
      .executeTakeFirst()
    if (station === undefined) break
    chain.push(next)
    next = station.replaces
  }
  return chain
}

function eventOf(action: string): IdentityEvent {
  const event = identityEvents.find((name) => name === action)
  if (event === undefined) throw new Error(`the trail was asked for identity events and gave ${action}`)
  return event
}
