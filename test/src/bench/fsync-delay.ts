import { makePreloadShim, type PreloadShim } from './preload-shim.ts'

/** Compiles the shim into a folder and answers with the environment of a process whose every fsync takes longer. */
export function makeFsyncDelay(folder: string, delayMs: number): PreloadShim {
  return makePreloadShim('fsync-delay.c', folder, { FSYNC_DELAY_US: String(delayMs * 1000) })
}
