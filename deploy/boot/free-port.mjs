import { createServer } from 'node:net'
import { BootFailure } from './boot-failure.mjs'

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
 * For each name the wanted port, or the next free one above it; no port twice. Between choosing a port and listening on it lie
 * seconds, so two boots must take turns.
 *
 * @template {string} Name
 * @param {Record<Name, number>} wanted
 * @returns {Promise<Record<Name, number>>}
 */
export async function choosePorts(wanted) {
  const chosen = /** @type {Record<Name, number>} */ ({})
  const taken = new Set()
  for (const [name, first] of /** @type {[Name, number][]} */ (Object.entries(wanted))) {
    const port = await nextFree(first, taken)
    taken.add(port)
    chosen[name] = port
  }
  return chosen
}

/**
 * @param {number} first
 * @param {ReadonlySet<number>} taken
 */
async function nextFree(first, taken) {
  for (let port = first; port < first + searchSpan; port += 1) {
    if (!taken.has(port) && (await isPortFree(port))) return port
  }
  throw new BootFailure(
    `No free port between ${first} and ${first + searchSpan - 1} on this machine.`,
    'Close what holds them (ss -ltnp shows it) and start again.',
  )
}
