import { type DoorbellHandshake, doorbellPath } from '@yizhan/contracts/sync'
import { counterHeader } from '@yizhan/rules/sync/request-signature'
import { io } from 'socket.io-client'
import { type CentreClientDeps, signRequest } from './centre-client.ts'

/** A connection to the centre's doorbell. */
export interface Doorbell {
  close(): void
}

// The first reconnection comes quickly, later ones spread out: after an outage a whole hospital comes back at once.
const firstReconnectMs = 1000
const longestReconnectMs = 20_000

/**
 * Listens for the centre's "there is something new". It carries no data and may be lost: the loops ask by themselves
 * anyway, the doorbell only makes them ask sooner. Opening and losing it are told, as first news of the network's state.
 */
export function listenToDoorbell(
  deps: Pick<CentreClientDeps, 'centreUrl' | 'tenantId' | 'stationId' | 'signingKey' | 'now' | 'nextCounter'>,
  heard: { onRing: () => void; onOpen: () => void; onLost: () => void },
): Doorbell {
  const socket = io(deps.centreUrl, {
    path: doorbellPath,
    transports: ['websocket'],
    reconnectionDelay: firstReconnectMs,
    reconnectionDelayMax: longestReconnectMs,
    randomizationFactor: 0.5,
    auth: (give) => {
      // A failed signature leaves the connection without proof; the centre then refuses it and we try again.
      signHandshake(deps).then(give, () => give({}))
    },
  })
  socket.on('feed-changed', heard.onRing)
  socket.on('connect', heard.onOpen)
  socket.on('disconnect', heard.onLost)
  return { close: () => socket.close() }
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
