import { type DoorbellHandshake, doorbellPath } from '@yizhan/contracts/station-bell'
import { counterHeader } from '@yizhan/rules/sync/request-signature'
import { io, type Socket } from 'socket.io-client'
import { type CentreClientDeps, signRequest } from './centre-client.ts'
import { ignoreDamagedPackets, WholeMessages } from './damaged-packet.ts'

/** As long as any other call to a silent centre. */
const connectTimeoutMs = 10_000

/** A connection to the centre's doorbell. */
export interface Doorbell {
  /** Connects unless it is connected; rejects when the centre does not answer, or refuses. */
  keepOpen(): Promise<void>
  close(): void
}

/**
 * Listens for the centre's "there is something new". It carries no data and may be lost: the loops ask by themselves
 * anyway, the doorbell only makes them ask sooner. Opening and losing it are told, as first news of the network's state.
 * It does not connect again by itself: socket.io would not after a refusal, nor after the centre had closed it in order.
 */
export function listenToDoorbell(
  deps: Pick<CentreClientDeps, 'centreUrl' | 'tenantId' | 'stationId' | 'signingKey' | 'now' | 'nextCounter'>,
  heard: { onRing: () => void; onOpen: () => void; onLost: () => void },
): Doorbell {
  const socket = io(deps.centreUrl, {
    path: doorbellPath,
    transports: [WholeMessages],
    reconnection: false,
    autoConnect: false,
    // Else stations that share a process, as tests and benches have them, would share one connection.
    forceNew: true,
    timeout: connectTimeoutMs,
    auth: (give) => {
      // A failed signature leaves the connection without proof; the centre then refuses it and we try again.
      signHandshake(deps).then(give, () => give({}))
    },
  })
  ignoreDamagedPackets(socket)
  socket.on('feed-changed', heard.onRing)
  socket.on('connect', heard.onOpen)
  socket.on('disconnect', (reason) => {
    if (reason !== 'io client disconnect') heard.onLost()
  })
  const closing = new AbortController()
  return {
    keepOpen: () => (socket.connected ? Promise.resolve() : connect(socket, closing.signal)),
    close() {
      closing.abort()
      socket.close()
    },
  }
}

function connect(socket: Socket, closing: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (how: () => void) => {
      socket.off('connect', opened)
      socket.off('connect_error', refused)
      socket.off('disconnect', lost)
      closing.removeEventListener('abort', opened)
      how()
    }
    const opened = () => settle(resolve)
    const refused = (error: Error) => settle(() => reject(error))
    const lost = (reason: string) => settle(() => reject(new Error(reason)))
    socket.on('connect', opened)
    socket.on('connect_error', refused)
    socket.on('disconnect', lost)
    // Closed by ourselves before it was open: nobody waits for it any longer.
    closing.addEventListener('abort', opened)
    socket.connect()
  })
}

async function signHandshake(deps: Parameters<typeof signRequest>[0]): Promise<DoorbellHandshake> {
  const headers = await signRequest(deps, { method: 'GET', path: doorbellPath, body: new Uint8Array() })
  return {
    contentDigest: headers['content-digest'] ?? '',
    signatureInput: headers['signature-input'] ?? '',
    signature: headers['signature'] ?? '',
    counter: Number(headers[counterHeader]),
  }
}
