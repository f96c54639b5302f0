import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * A kept connection is closed after this long without a request. Node's own 5 s are met by a page that asks every few seconds,
 * and a request that crosses the closing is lost; a page's pause is rarely just this long.
 */
const keptConnectionMs = 65_000
/** An answer that is being written is written to its end: a page takes a few milliseconds to load from this very machine. */
const lastAnswersMs = 1000
const lookAgainMs = 10

/** Listens on loopback only and resolves with the port; rejects when the port is taken. */
export function listenOnLoopback(server: Server, port: number): Promise<number> {
  server.keepAliveTimeout = keptConnectionMs
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      resolve((server.address() as AddressInfo).port)
    })
  })
}

/** Stops listening, lets answers that are under way be written, and ends what is still connected. */
export async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  const looking = setInterval(() => server.closeIdleConnections(), lookAgainMs)
  const ending = setTimeout(() => server.closeAllConnections(), lastAnswersMs)
  server.closeIdleConnections()
  await closed
  clearInterval(looking)
  clearTimeout(ending)
}
