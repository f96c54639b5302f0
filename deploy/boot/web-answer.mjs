import { get } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

/** One try; a server that is up answers loopback in milliseconds, one that hangs must not hold the boot. */
const tryTimeoutMs = 3_000
/** Fine enough that the wait itself never shows in a start of seconds. */
const tryEveryMs = 100

/**
 * The status of a plain GET, or `null` when nothing answers. (`node:http`, as `fetch` still warns on Node 18.)
 *
 * @param {string} url
 * @returns {Promise<number | null>}
 */
export function statusOf(url) {
  return new Promise((resolve) => {
    const request = get(url, { timeout: tryTimeoutMs, agent: false }, (response) => {
      response.resume()
      resolve(response.statusCode ?? null)
    })
    request.once('timeout', () => request.destroy())
    request.once('error', () => resolve(null))
    request.once('close', () => resolve(null))
  })
}

/**
 * Waits until a plain GET answers 200; `false` when `giveUp` says so first.
 *
 * @param {string} url
 * @param {{ giveUp: () => boolean }} options
 */
export async function waitForAnswer(url, { giveUp }) {
  while (!giveUp()) {
    if ((await statusOf(url)) === 200) return true
    await sleep(tryEveryMs)
  }
  return false
}
