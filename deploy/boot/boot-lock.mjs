import { createHash } from 'node:crypto'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** Short enough that a waiting boot goes on at once for a person, long enough to cost nothing. */
const retryEveryMs = 500

/**
 * Takes a lock that the kernel gives back by itself when this process ends, even by SIGKILL: an abstract socket named
 * after a folder. Nothing is left on disk that could go stale. Seen by everyone in the same network namespace.
 *
 * @param {string} purpose
 * @param {string} folder
 * @returns {Promise<{ release(): Promise<void> } | null>} `null` when someone else holds it
 */
export function tryLock(purpose, folder) {
  const digest = createHash('sha256').update(`${purpose}\0${folder}`).digest('hex').slice(0, 32)
  const server = createServer((socket) => socket.destroy())
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EADDRINUSE') resolve(null)
      else reject(error)
    })
    server.listen(`\0yizhan-${digest}`, () => {
      server.unref()
      resolve({ release: () => new Promise((done) => server.close(() => done())) })
    })
  })
}

/**
 * Waits for the lock, saying so once.
 *
 * @param {string} purpose
 * @param {string} folder
 * @param {{ stop: AbortSignal, onWait: () => void }} options
 */
export async function waitForLock(purpose, folder, { stop, onWait }) {
  for (let told = false; ; told = true) {
    const lock = await tryLock(purpose, folder)
    if (lock !== null) return lock
    if (!told) onWait()
    await sleep(retryEveryMs, undefined, { signal: stop })
  }
}
