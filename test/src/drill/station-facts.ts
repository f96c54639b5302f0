import { outboxLanes } from '@yizhan/contracts/sync'
import { salvagedTables } from '@yizhan/station-server/storage/salvage'
import type { Sql } from '@yizhan/station-server/storage/sql'
import { readOutboxHead, readUnsent } from '@yizhan/station-server/sync/outbox'

/** What a station knows, to be held against what it knew before. */
export interface StationFacts {
  epoch: number
  /** The ids of the events that nobody has acknowledged, in order. */
  unsent: readonly string[]
  /** Every row of every table that is worth saving, as text. */
  everything: string
}

/** More than any drill writes. */
const mostEvents = 1_000_000
/** These change by every start of a station, not by damage. */
const changedByStarting = ['app-version', 'disk-probe', 'request-counter']

/** Reads what a station knows. */
export function readStationFacts(sql: Sql): StationFacts {
  const rows = salvagedTables.map((table) =>
    sql
      .prepare<[], Record<string, unknown>>(`SELECT * FROM ${table}`)
      .all()
      .filter((row) => table !== 'meta' || !changedByStarting.includes(String(row['name']))),
  )
  return {
    epoch: readOutboxHead(sql, 'ops').epoch,
    unsent: outboxLanes
      .flatMap((lane) => readUnsent(sql, lane, mostEvents))
      .filter(({ type }) => type !== 'storage-rebuilt')
      .map(({ eventId }) => eventId),
    everything: JSON.stringify(rows),
  }
}
