import { type CentreLoop, startCentreLoop } from '../centre-loop.ts'
import { type CentreDb, inTenant } from '../postgres/database.ts'
import { ring } from '../sync/bell.ts'
import { onlineWithinMs } from './station-usability.ts'

/** Notices stations that have fallen silent. */
export interface SilenceWatch extends CentreLoop {
  /** A station has reported just now. */
  heard(tenantId: string, stationId: string): void
}

/** With the 40 s after which a station counts as offline, and a page's own second, it is seen within 45 s. */
const lookEveryMs = 1_000

/**
 * Rings the pages of a hospital when one of its stations becomes offline by saying nothing: nothing else would. What a node heard it keeps
 * in memory only; a station that went silent while its node was down is seen when a page asks again by itself.
 */
export function startSilenceWatch(deps: {
  db: CentreDb
  now: () => number
  onFault: (error: unknown) => void
}): SilenceWatch {
  const lastReports = new Map<string, { tenantId: string; atMs: number }>()
  const loop = startCentreLoop({
    everyMs: lookEveryMs,
    onFault: deps.onFault,
    async work() {
      const silentSince = deps.now() - onlineWithinMs
      const silent = [...lastReports].filter(([, { atMs }]) => atMs <= silentSince)
      for (const [stationId] of silent) lastReports.delete(stationId)
      for (const tenantId of new Set(silent.map(([, report]) => report.tenantId))) await ringPages(deps, tenantId)
    },
  })
  return {
    ...loop,
    heard: (tenantId, stationId) => void lastReports.set(stationId, { tenantId, atMs: deps.now() }),
  }
}

async function ringPages({ db, now }: { db: CentreDb; now: () => number }, tenantId: string): Promise<void> {
  const actor = { kind: 'system' as const, id: 'silence-watch', requestId: 'silence-watch' }
  await inTenant(db, tenantId, (tx) => ring({ tx, tenantId, nowMs: now(), actor }, 'stations'))
}
