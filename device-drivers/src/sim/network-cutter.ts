import { connect, createServer, type Socket } from 'node:net'

/** A cable between two programs that can be cut: a TCP proxy on the loopback. */
export interface NetworkCutter {
  readonly port: number
  isCut(): boolean
  /** Cut: every connection is reset, and every new one. Mended: new connections pass again. */
  setCut(cut: boolean): void
  stop(): Promise<void>
}

/** Listens on `port` (0 picks one) and passes everything on to `target`. */
export async function startNetworkCutter(options: {
  port: number
  target: { host: string; port: number }
}): Promise<NetworkCutter> {
  const open = new Set<Socket>()
  let cut = false
  const server = createServer((near) => {
    if (cut) {
      near.resetAndDestroy()
      return
    }
    const far = connect(options.target)
    joinSockets(near, far)
    for (const socket of [near, far]) {
      open.add(socket)
      socket.once('close', () => open.delete(socket))
    }
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port')
  const resetAll = () => {
    for (const socket of open) socket.resetAndDestroy()
  }
  return {
    port: address.port,
    isCut: () => cut,
    setCut: (wanted) => {
      cut = wanted
      if (cut) resetAll()
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        resetAll()
      }),
  }
}

/** What either side sends reaches the other; what ends or breaks on one side does so on the other. */
function joinSockets(near: Socket, far: Socket): void {
  near.pipe(far)
  far.pipe(near)
  near.on('error', () => far.destroy())
  far.on('error', () => near.destroy())
  near.on('close', () => far.destroy())
  far.on('close', () => near.destroy())
}
