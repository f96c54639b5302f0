import { execFileSync } from 'node:child_process'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The environment of a process that is loaded with a shim, or why this machine cannot make one. */
export type PreloadShim = { ok: true; env: NodeJS.ProcessEnv } | { ok: false; reason: string }

/** Compiles a C file of this folder into `folder` and answers with the environment that loads it, `settings` included. */
export function makePreloadShim(sourceName: string, folder: string, settings: NodeJS.ProcessEnv): PreloadShim {
  if (process.platform !== 'linux') return { ok: false, reason: 'LD_PRELOAD works on Linux only' }
  const source = fileURLToPath(new URL(`./${sourceName}`, import.meta.url))
  const library = join(folder, `${basename(sourceName, '.c')}.so`)
  try {
    execFileSync('cc', ['-shared', '-fPIC', '-O1', '-o', library, source, '-ldl'], { stdio: 'pipe' })
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    return { ok: false, reason: missing ? 'no C compiler here' : `cc failed: ${String(error)}` }
  }
  return { ok: true, env: { ...settings, LD_PRELOAD: library } }
}
