import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { BootFailure } from './boot-failure.mjs'

/** Short enough that a waiting boot goes on at once for a person, long enough to cost nothing. */
const retryEveryMs = 500

/** What flock is told to answer when somebody else holds the lock, apart from its own faults. */
const heldElsewhere = 9

/**
 * Takes a lock on a file that the kernel gives back by itself when this process ends, even by SIGKILL: `flock` holds it
 * for a `cat` that reads from us, and reads the end of us. (Node has no flock of its own, and abstract sockets share one
 * name on Node 18.)
 *
 * @param {string} file made when missing; never removed, so that all lock the same one
 * @returns {Promise<{ release(): Promise<void> } | null>} `null` when someone else holds it
 */
export function tryLock(file) {
  try {
    mkdirSync(dirname(file), { recursive: true })
  } catch (error) {
    const why = /** @type {Error} */ (error).message
    throw new BootFailure(
      `The data folder ${dirname(file)} cannot be made: ${why}.`,
      'Check YIZHAN_DATA and its rights.',
    )
  }
  // A group of its own: Ctrl-C must not end the lock before what it guards.
  const holder = spawn('flock', ['-n', '-E', String(heldElsewhere), file, 'sh', '-c', 'echo held; exec cat'], {
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const ended = once(holder, 'exit')
  return new Promise((resolve, reject) => {
    /** @param {string} why */
    const fail = (why) => reject(new BootFailure(`The lock ${file} could not be taken: ${why}.`, lockAdvice))
    holder.once('error', (error) => fail(error.message))
    ended.then(
      ([code]) => (code === heldElsewhere ? resolve(null) : fail(`flock ended with ${code}`)),
      (error) => fail(error.message),
    )
    holder.stdout.once('data', () => {
      letGoOfLoop(holder)
      resolve({
        async release() {
          holder.ref()
          holder.stdin.end()
          await ended
        },
      })
    })
  })
}

const lockAdvice =
  'flock is part of util-linux, which every Debian and Ubuntu has; check that the folder can be written to.'

/** @param {import('node:child_process').ChildProcessByStdio<import('node:stream').Writable, import('node:stream').Readable, null>} holder */
function letGoOfLoop(holder) {
  holder.unref()
  for (const stream of [holder.stdin, holder.stdout]) /** @type {import('node:net').Socket} */ (stream).unref()
}

/**
 * Waits for the lock, saying so once.
 *
 * @param {string} file
 * @param {{ stop: AbortSignal, onWait: () => void }} options
 */
export async function waitForLock(file, { stop, onWait }) {
  for (let told = false; ; told = true) {
    const lock = await tryLock(file)
    if (lock !== null) return lock
    if (!told) onWait()
    await sleep(retryEveryMs, undefined, { signal: stop })
  }
}
