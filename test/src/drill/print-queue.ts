import { setTimeout as sleep } from 'node:timers/promises'
import { openFixtureDb } from '@yizhan/station-server/fixture/station-folder'

/** A slip takes a tenth of a second; a queue that does not shrink for this long is stuck. */
const drainPatienceMs = 60_000
const lookEveryMs = 100

/** Resolves when no job of a station's ledger is queued or sending any more, or when the queue has not shrunk for a minute. */
export async function untilPrinted(folder: string): Promise<void> {
  let [fewest, since] = [Number.POSITIVE_INFINITY, performance.now()]
  while (performance.now() - since < drainPatienceMs) {
    const open = await countOpenJobs(folder)
    if (open === 0) return
    if (open < fewest) [fewest, since] = [open, performance.now()]
    await sleep(lookEveryMs)
  }
}

async function countOpenJobs(folder: string): Promise<number> {
  const db = openFixtureDb(folder)
  const row = db.sql
    .prepare<[], { open: number }>("SELECT count(*) AS open FROM print_job WHERE state IN ('queued', 'sending')")
    .get()
  await db.close()
  return row?.open ?? 0
}
