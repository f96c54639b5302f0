import { setTimeout as sleep } from 'node:timers/promises'
import { openFixtureDb } from '@yizhan/station-server/fixture/station-folder'

/** A slip takes a tenth of a second; a queue that does not shrink for this long is stuck. */
const drainPatienceMs = 60_000
const lookEveryMs = 100

/** Resolves when so many jobs of a station's ledger, or fewer, are queued or sending, or when the queue has not shrunk for a minute. */
export async function untilPrinted(folder: string, atMost = 0): Promise<void> {
  let [fewest, since] = [Number.POSITIVE_INFINITY, performance.now()]
  while (performance.now() - since < drainPatienceMs) {
    const open = await countOpenJobs(folder)
    if (open <= atMost) return
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
