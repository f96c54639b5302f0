import { clearMeta, readMeta, writeMeta } from '../storage/meta.ts'
import type { StationDb } from '../storage/station-db.ts'
import type { StationLog } from './station-log.ts'

/**
 * Remembers whether the centre has revoked this station (停用), over restarts too: a kiosk that nobody answers for must
 * not give out numbers. The answer tells of each change, after it is durable.
 */
export function noteAdmission(
  db: StationDb,
  log: StationLog,
  now: () => number,
  onChanged: () => void,
): (admitted: boolean) => void {
  return (admitted) => {
    if (admitted === (readMeta(db.sql, 'revoked') === null)) return
    db.transact((sql) => {
      if (admitted) clearMeta(sql, 'revoked')
      else writeMeta(sql, 'revoked', String(now()))
    }).then(
      () => {
        log.warn({ admitted }, admitted ? 'the centre takes this station again' : 'the centre has revoked this station')
        onChanged()
      },
      (error: unknown) => log.error({ error: String(error) }, 'noting whether the centre takes this station'),
    )
  }
}
