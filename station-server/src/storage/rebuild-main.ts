import { parentPort, workerData } from 'node:worker_threads'
import { z } from 'zod'
import { openOrRebuild } from './rebuild.ts'

// Rebuilds a damaged database in a thread of its own, so that the station's screen answers meanwhile. Started by rebuild-aside.ts.
const asked = z
  .object({
    folder: z.string(),
    copyFolder: z.string(),
    key: z.instanceof(Uint8Array),
    migrationsFolder: z.string(),
    at: z.number(),
  })
  .parse(workerData)

const { db, rebuilt } = openOrRebuild({ ...asked, now: () => asked.at, onCorrupt: () => undefined })
await db.close()
parentPort?.postMessage(rebuilt)
