import { closeSync, openSync, readSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makePreloadShim, type PreloadShim } from './preload-shim.ts'

const variable = 'FSYNC_COUNT_FILE'

/** Compiles the counting shim into a folder and answers with the environment of a process whose fsyncs are counted there. */
export function makeFsyncCount(folder: string): PreloadShim {
  const file = join(folder, 'fsync-count')
  writeFileSync(file, Buffer.alloc(8))
  return makePreloadShim('fsync-count.c', folder, { [variable]: file })
}

/** Reads how often this process has made a file durable; null when it was started without the shim. */
export function openFsyncCount(env: NodeJS.ProcessEnv): { read(): number; close(): void } | null {
  const path = env[variable]
  if (path === undefined) return null
  const file = openSync(path, 'r')
  const bytes = Buffer.alloc(8)
  return {
    read() {
      readSync(file, bytes, 0, bytes.length, 0)
      return Number(bytes.readBigUInt64LE())
    },
    close: () => closeSync(file),
  }
}
