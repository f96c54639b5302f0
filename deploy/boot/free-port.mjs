import { createServer } from 'node:net'
import { BootFailure } from './boot-failure.mjs'
import { tryLock } from './boot-lock.mjs'

/** As far as the next default (7610 → 7620 → 7630), doubled, doubled again: a busy developer's machine still fits. */
const searchSpan = 40

/**
 * Whether a loopback port can be listened on at this moment.
 *
 * @param {number} port
 * @returns {Promise<boolean>}
 */
export function isPortFree(port) {
  const probe = createServer()
  return new Promise((resolve) => {
    probe.once('error', () => resolve(false))
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => resolve(true)))
  })
}

/**
 * For each name the wanted port, or the next free one above it; no port twice. Until this process ends no other boot
 * chooses the same: between choosing a port and listening on it lie seconds.
 *
 * @template {string} Name
 * @param {Record<Name, number>} wanted
 * @returns {Promise<Record<Name, number>>}
 */
export async function choosePorts(wanted) {
  const chosen = /** @type {Record<Name, number>} */ ({})
  for (const [name, first] of /** @type {[Name, number][]} */ (Object.entries(wanted))) {
    chosen[name] = await nextFree(first)
  }
  return chosen
}

/** @param {number} first */
async function nextFree(first) {
  for (let port = first; port < first + searchSpan; port += 1) {
    if ((await isPortFree(port)) && (await tryLock('port', String(port))) !== null) return port
  }
  throw new BootFailure(
    `No free port between ${first} and ${first + searchSpan - 1} on this machine.`,
    'Close what holds them (ss -ltnp shows it) and start again.',
  )
}
