import { type CentreLoop, startCentreLoop } from '../centre-loop.ts'
import { type CentreDb, inTenant, tenantIds } from '../postgres/database.ts'

/** Over how long stations spread their return after an outage. */
export interface StormWindow extends CentreLoop {
  /** Null until the stations have been counted. */
  currentMs(): number | null
}

/** A fleet grows by a few stations a day. */
const countEveryMs = 60_000
/** A node takes in some 300 returning stations a second, with greeting, feed, doorbell and report, and still serves its people. */
const msPerStation = 3
/** Below this nobody would notice; above, a hall would be cut off for longer than the outage itself. */
const [leastMs, mostMs] = [2_000, 60_000]

/** The window for so many stations, in milliseconds. */
export function stormWindowFor(stations: number): number {
  return Math.min(mostMs, Math.max(leastMs, msPerStation * stations))
}

/**
 * Counts the stations that are let in, of every hospital, and tells the window for them. Where several nodes share them the window is
 * longer than needed: a node that is left over has to take all of them.
 */
export function startStormWindow({ db, onFault }: { db: CentreDb; onFault: (error: unknown) => void }): StormWindow {
  let currentMs: number | null = null
  const loop = startCentreLoop({
    everyMs: countEveryMs,
    onFault,
    async work() {
      currentMs = stormWindowFor(await countStations(db))
    },
  })
  return { ...loop, currentMs: () => currentMs }
}

async function countStations(db: CentreDb): Promise<number> {
  let stations = 0
  for (const tenantId of await tenantIds(db)) {
    const { count } = await inTenant(db, tenantId, (tx) =>
      tx
        .selectFrom('station')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('tenant_id', '=', tenantId)
        .where('revoked_at', 'is', null)
        .executeTakeFirstOrThrow(),
    )
    stations += count
  }
  return stations
}
