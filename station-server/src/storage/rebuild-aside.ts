import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { DatabasePlace, Rebuilt } from './rebuild.ts'

const rebuildFile = new URL('rebuild-main.ts', import.meta.url)
const migrationsFolder = fileURLToPath(new URL('../../migrations', import.meta.url))

/** A rebuild (重建) that is under way beside the program. */
export interface RebuildAside {
  /** Resolves when the database can be opened, with what was brought back; rejects when it cannot be rebuilt. */
  done: Promise<Rebuilt | null>
  /** Breaks it off, as a kill would: the next start goes on with it. */
  stop(): Promise<void>
}

/** Rebuilds a damaged database in a thread of its own: salvaging a month's events takes seconds, and the screen must answer. */
export function rebuildAside(place: Pick<DatabasePlace, 'folder' | 'copyFolder' | 'key' | 'now'>): RebuildAside {
  const { folder, copyFolder, key, now } = place
  const workerData = { folder, copyFolder, key: Uint8Array.from(key), migrationsFolder, at: now() }
  const worker = new Worker(rebuildFile, { workerData })
  return {
    done: once(worker, 'message').then(([rebuilt]) => rebuilt as Rebuilt | null),
    async stop() {
      await worker.terminate()
    },
  }
}
