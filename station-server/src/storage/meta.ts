import type { Sql } from './sql.ts'

/** The single values that the station remembers, by name. */
export type MetaName =
  | 'feed-cursor'
  | 'feed-generation'
  | 'feed-as-of'
  | 'feed-checked-at'
  | 'outbox-epoch'
  | 'outbox-base'
  | 'bulk-outbox-base'
  | 'bulk-lane'
  | 'request-counter'
  | 'station-name'
  | 'station-letter'
  | 'site-id'
  | 'qr-keys'
  | 'card-key'
  | 'centre-now'
  | 'event-clock'
  | 'app-version'
  | 'pending-lease'
  | 'disk-probe'
  | 'revoked'
  | 'quarantined'
  | 'order-key'
  | 'slip-counter'
  | 'unfinished-slip'
  | 'device-changes-told'
  | 'storm-window'

/** The remembered value, or null before it was first set. */
export function readMeta(sql: Sql, name: MetaName): string | null {
  const row = sql.prepare<[string], { value: string }>('SELECT value FROM meta WHERE name = ?').get(name)
  return row?.value ?? null
}

/** Remembers a value, within the caller's transaction. */
export function writeMeta(sql: Sql, name: MetaName, value: string): void {
  sql
    .prepare('INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value')
    .run(name, value)
}

/** Forgets a value, within the caller's transaction. */
export function clearMeta(sql: Sql, name: MetaName): void {
  sql.prepare('DELETE FROM meta WHERE name = ?').run(name)
}
