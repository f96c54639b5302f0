import { connect } from 'node:net'
import { type ByteLink, type CloseInfo, LinkFault, WriteQueue } from './byte-link.ts'

/** A printer on the same network answers a connect within a few milliseconds; past this it is off or unreachable. */
const connectTimeoutMs = 1500

/** Finds a peer that went away without a word; the driver's own questions find it sooner. */
const keepAliveMs = 10_000

/** Connects, or rejects with a LinkFault; `onData` gets every byte from the first on. */
export function openTcpLink(
  address: { host: string; port: number },
  onData: (bytes: Uint8Array) => void,
): Promise<ByteLink> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address.host, port: address.port, noDelay: true })
    let fault = ''
    const timer = setTimeout(() => socket.destroy(new Error('no answer to the connect')), connectTimeoutMs)
    const queue = new WriteQueue({ send: (bytes, taken) => void socket.write(bytes, taken) })
    const closed = new Promise<CloseInfo>((resolveClosed) => {
      socket.once('close', () => {
        clearTimeout(timer)
        const linkFault = new LinkFault(fault === '' ? 'the link was closed' : fault)
        queue.end(linkFault)
        reject(linkFault)
        resolveClosed({ fault })
      })
    })
    socket.on('data', onData)
    socket.on('error', (error) => {
      fault = error.message
    })
    socket.once('connect', () => {
      clearTimeout(timer)
      socket.setKeepAlive(true, keepAliveMs)
      resolve({
        write: (bytes, limits) => queue.write(bytes, limits.progressMs),
        closed,
        destroy: () => socket.destroy(),
      })
    })
  })
}
