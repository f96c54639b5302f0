import { type CentreDb, inTenant } from '../postgres/database.ts'
import { dropHeardEvents } from './module-event-store.ts'

/** A quarter: what a new consumer may have to be told of the past, and what an administrator may want told again. */
const keptMs = 90 * 86_400_000
/** A fraction of a second, in which nothing else of the hospital waits. */
const dropAtOnce = 5000

/** Drops a hospital's module events after 90 days; one that somebody has still to hear, or failed at, stays. */
export async function purgeModuleEvents(
  db: CentreDb,
  tenantId: string,
  nowMs: number,
  isStopping: () => boolean = () => false,
): Promise<void> {
  const portion = { beforeMs: nowMs - keptMs, atOnce: dropAtOnce }
  while (!isStopping()) {
    const dropped = await inTenant(db, tenantId, (tx) => dropHeardEvents(tx, tenantId, portion))
    if (dropped < dropAtOnce) return
  }
}
