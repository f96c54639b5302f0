import type { StationDb } from '../storage/station-db.ts'
import type { CentreClient } from '../sync/centre-client.ts'
import { noteChangesTold, readUntoldChanges } from './device-change-store.ts'

/** Changes per call: 200 are about 40 kB, so that a check-in behind them waits for one short call at most. */
const batchSize = 200

/** Tells the centre the oldest changes that it has not got; `more` while others wait. */
export async function tellDeviceChanges(deps: { db: StationDb; centre: CentreClient }): Promise<'more' | 'done'> {
  const { db, centre } = deps
  const kept = readUntoldChanges(db.sql, batchSize)
  const last = kept.at(-1)
  if (last === undefined) return 'done'
  await centre.tellDeviceChanges({ changes: kept.map(({ change }) => change) })
  await db.transact((sql) => noteChangesTold(sql, last.localId))
  return kept.length === batchSize ? 'more' : 'done'
}
