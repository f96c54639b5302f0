import { createServer, type Socket } from 'node:net'
import type { PtyPair } from './pty-pair.ts'

/** A simulated scanner: `scan` sends a code as scanners do, with CR after it; `send` sends bytes as they are. */
export interface SimScanner {
  scan(text: string): void
  send(bytes: Uint8Array): void
  /** How many times something was sent. */
  count(): number
  stop(): Promise<void>
}

/** A scanner on a serial line, at the far end of a pseudo-terminal. */
export function startPtySimScanner(pty: PtyPair): SimScanner {
  return makeScanner(
    (bytes) => pty.write(bytes),
    () => pty.close(),
  )
}

/** A scanner on a TCP port of the loopback (0 picks one), as serial device servers offer it. */
export async function startTcpSimScanner(port: number): Promise<SimScanner & { port: number }> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => sockets.delete(socket))
    socket.resume()
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  const scanner = makeScanner(
    (bytes) => {
      for (const socket of sockets) socket.write(bytes)
    },
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  )
  return { ...scanner, port: address.port }
}

function makeScanner(send: (bytes: Uint8Array) => void, stop: () => Promise<void>): SimScanner {
  let count = 0
  const sendCounted = (bytes: Uint8Array) => {
    count += 1
    send(bytes)
  }
  return {
    scan: (text) => sendCounted(Buffer.from(`${text}\r`, 'utf8')),
    send: sendCounted,
    count: () => count,
    stop,
  }
}
