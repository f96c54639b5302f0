import { connect, createServer, type Socket } from 'node:net'
import { type Bottleneck, startPump } from './link-pump.ts'

/** What is wrong with a link; `up` is towards the target. A half-open one takes everything and passes nothing, until it heals. */
export type LinkFault =
  | { kind: 'delay'; ms: number; jitterMs: number }
  | { kind: 'half-open'; way: 'up' | 'down' | 'both' }
  | { kind: 'corrupt'; share: number }
  | { kind: 'slow'; bytesPerS: number }
  | { kind: 'refuse' }

/** A TCP proxy on the loopback whose link can be made as bad as a hospital's. */
export interface FaultProxy {
  readonly port: number
  /** Makes the link bad in one way, or good again; connections that are open feel it too. */
  setFault(fault: LinkFault | null): void
  /** Resets every open connection, and refuses none. */
  dropConnections(): void
  /** How many chunks had a bit turned so far. */
  corrupted(): number
  stop(): Promise<void>
}

/** Listens on any port and passes everything on to `target`; `random` decides about jitter and bits. */
export async function startFaultProxy(
  target: { host: string; port: number },
  random: () => number,
): Promise<FaultProxy> {
  const open = new Set<Socket>()
  const healed = new Set<() => void>()
  let fault: LinkFault | null = null
  let corrupted = 0
  const bottleneck = (way: 'up' | 'down'): Bottleneck => ({
    isHeld: () => fault?.kind === 'half-open' && (fault.way === way || fault.way === 'both'),
    delayMs: (bytes) => delayOf(fault, bytes, random),
    damage(bytes) {
      if (fault?.kind !== 'corrupt' || random() >= fault.share) return
      const at = Math.floor(random() * bytes.length)
      bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(random() * 8))
      corrupted += 1
    },
  })
  const server = createServer({ allowHalfOpen: true }, (near) => {
    if (fault?.kind === 'refuse') {
      near.resetAndDestroy()
      return
    }
    const far = connect({ ...target, allowHalfOpen: true })
    const pumps = [startPump(near, far, bottleneck('up')), startPump(far, near, bottleneck('down'))]
    const heal = () => {
      for (const pump of pumps) pump.look()
    }
    healed.add(heal)
    for (const socket of [near, far]) {
      open.add(socket)
      socket.once('close', () => {
        open.delete(socket)
        if (near.destroyed && far.destroyed) healed.delete(heal)
      })
    }
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port')
  const resetAll = () => {
    for (const socket of open) socket.resetAndDestroy()
  }
  return {
    port: address.port,
    setFault(wanted) {
      fault = wanted
      if (fault?.kind === 'refuse') resetAll()
      for (const heal of healed) heal()
    },
    dropConnections: resetAll,
    corrupted: () => corrupted,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        // A reset waits for what is still to be written, and some peers are gone or stopped.
        for (const socket of open) socket.destroy()
      }),
  }
}

function delayOf(fault: LinkFault | null, bytes: number, random: () => number): number {
  if (fault?.kind === 'delay') return fault.ms + random() * fault.jitterMs
  if (fault?.kind === 'slow') return (bytes / fault.bytesPerS) * 1000
  return 0
}
