import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const source = fileURLToPath(new URL('./fsync-delay.c', import.meta.url))

/** The environment of a process whose every fsync takes longer, or why this machine cannot make one. */
export type FsyncDelay = { ok: true; env: NodeJS.ProcessEnv } | { ok: false; reason: string }

/** Compiles the shim into a folder and answers with the environment that loads it. */
export function makeFsyncDelay(folder: string, delayMs: number): FsyncDelay {
  if (process.platform !== 'linux') return { ok: false, reason: 'LD_PRELOAD works on Linux only' }
  const library = join(folder, 'fsync-delay.so')
  try {
    execFileSync('cc', ['-shared', '-fPIC', '-O1', '-o', library, source, '-ldl'], { stdio: 'pipe' })
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    return { ok: false, reason: missing ? 'no C compiler here' : `cc failed: ${String(error)}` }
  }
  return { ok: true, env: { LD_PRELOAD: library, FSYNC_DELAY_US: String(delayMs * 1000) } }
}
