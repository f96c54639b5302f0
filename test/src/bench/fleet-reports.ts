import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'

/** When each station was last heard by the centre, read beside it as the database has it. */
export interface FleetReports {
  /** By station, in the centre's milliseconds; stations that were never heard are left out. */
  read(): Promise<Map<string, number>>
  /** Resolves when every one of the stations has reported since a moment; rejects when that takes too long. */
  untilHeardSince(stationIds: readonly string[], sinceMs: number): Promise<void>
  /** How many events of a type the centre has stored, of every hospital. */
  countEvents(type: string): Promise<number>
  close(): Promise<void>
}

const lookEveryMs = 200
/** Several times the goal of a minute, so that a miss is measured and not only told. */
const patienceMs = 240_000

/** Opens a connection that sees the stations of every hospital. */
export async function openFleetReports(superuserUrl: string): Promise<FleetReports> {
  const client = new pg.Client({ connectionString: superuserUrl })
  await client.connect()
  const read = async () => {
    const { rows } = await client.query<{ id: string; at: string }>(
      'select station_id as id, extract(epoch from last_report_at) * 1000 as at from station where last_report_at is not null',
    )
    return new Map(rows.map(({ id, at }) => [id, Number(at)]))
  }
  return {
    read,
    async untilHeardSince(stationIds, sinceMs) {
      const begunAt = performance.now()
      for (;;) {
        const reports = await read()
        const missing = stationIds.filter((id) => (reports.get(id) ?? 0) < sinceMs)
        if (missing.length === 0) return
        if (performance.now() - begunAt > patienceMs) throw new Error(`${missing.length} stations were not heard again`)
        await sleep(lookEveryMs)
      }
    },
    async countEvents(type) {
      const { rows } = await client.query<{ count: number }>('select count(*)::int from inbox where type = $1', [type])
      return rows[0]?.count ?? 0
    },
    close: () => client.end(),
  }
}
