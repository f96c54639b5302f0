import type { Server as HttpServer, IncomingMessage } from 'node:http'
import { type CentrePushName, centreLivePath } from '@yizhan/contracts/centre'
import { centreDoorbells, doorbellHandshake, doorbellPath } from '@yizhan/contracts/sync'
import { idleHeader } from '@yizhan/rules/access/session-limits'
import { Server, type Socket } from 'socket.io'
import type { AccessPort } from '../access/access-port.ts'
import type { CentreDb } from '../postgres/database.ts'
import type { Admission } from '../sync/admission.ts'
import type { Ring } from '../sync/bell.ts'
import { verifyStationRequest } from '../sync/signed-request.ts'
import { isOwnHost, isOwnOrigin } from './request-guard.ts'

/** What the sockets work with. */
export interface LiveSocketDeps {
  server: HttpServer
  /** What serves stations. */
  stations: { db: CentreDb; admission: Admission }
  access: Pick<AccessPort, 'whoIs'>
  now: () => number
  publicHost?: string | undefined
  onFault: (error: unknown) => void
}

const [feedChanged] = centreDoorbells
/** Many changes within this time are one ring: a page asks again at most about three times a second. */
const foldMs = 300
/** How soon a socket of an ended session is closed. */
const recheckMs = 60_000

/** Opens both doorbells: one for stations, one for the pages of staff. `ring` passes news on to whoever it concerns. */
export function startLiveSockets(deps: LiveSocketDeps): { ring(news: Ring): void; stop(): Promise<void> } {
  const stations = openSocketServer(deps, doorbellPath)
  const pages = openSocketServer(deps, centreLivePath)
  stations.use((socket, next) => admit(next, () => stationTenant(deps, socket), socket, deps))
  pages.use((socket, next) => admit(next, () => memberTenant(deps, socket), socket, deps))
  const recheck = setInterval(() => {
    for (const socket of pages.sockets.sockets.values()) closeWhenSignedOut(deps, socket)
  }, recheckMs)
  const folded = createFold()
  const push = (server: Server, tenantId: string, name: CentrePushName | typeof feedChanged) =>
    folded.call(`${tenantId}/${name}`, () => server.to(tenantId).emit(name))
  return {
    ring({ tenantId, bell }) {
      if (bell === 'feed') push(stations, tenantId, feedChanged)
      if (bell === 'bookings') push(pages, tenantId, 'bookings-changed')
      if (bell === 'stations') push(pages, tenantId, 'stations-changed')
    },
    async stop() {
      clearInterval(recheck)
      folded.stop()
      for (const server of [stations, pages]) {
        server.disconnectSockets(true)
        // Not server.close(): it would close the shared HTTP server, which its owner does.
        server.engine.close()
      }
    },
  }
}

function openSocketServer({ server, publicHost }: LiveSocketDeps, path: string): Server {
  return new Server(server, {
    path,
    transports: ['websocket'],
    serveClient: false,
    // Nothing but a handshake ever comes up these sockets.
    maxHttpBufferSize: 4096,
    perMessageDeflate: false,
    allowRequest: (request: IncomingMessage, decide) => {
      const { host, origin } = request.headers
      decide(null, isOwnHost(host, publicHost) && isOwnOrigin(origin, host))
    },
  })
}

function admit(
  next: (refusal?: Error) => void,
  tenantOf: () => Promise<string | null>,
  socket: Socket,
  { onFault }: LiveSocketDeps,
): void {
  tenantOf().then(
    async (tenantId) => {
      if (tenantId === null) return next(new Error('refused'))
      await socket.join(tenantId)
      next()
    },
    (error: unknown) => {
      if (!(error instanceof NoRoom)) onFault(error)
      next(new Error('busy'))
    },
  )
}

/** Thrown at a station that is to come back later; no fault. */
class NoRoom extends Error {
  override name = 'NoRoom'
}

async function stationTenant({ stations, now }: LiveSocketDeps, socket: Socket): Promise<string | null> {
  const entry = stations.admission.enter('other')
  if (!entry.admitted) throw new NoRoom()
  try {
    return await provedTenant(stations.db, socket, now())
  } finally {
    entry.leave()
  }
}

async function provedTenant(db: CentreDb, socket: Socket, nowMs: number): Promise<string | null> {
  const proof = doorbellHandshake.safeParse(socket.handshake.auth).data
  if (proof === undefined) return null
  const request = {
    method: 'GET',
    path: doorbellPath,
    body: new Uint8Array(),
    ...proof,
    counter: String(proof.counter),
  }
  const verdict = await verifyStationRequest(db, request, nowMs)
  return verdict.ok ? verdict.station.tenantId : null
}

async function memberTenant({ access }: LiveSocketDeps, socket: Socket): Promise<string | null> {
  const headers = new Headers({ cookie: socket.handshake.headers.cookie ?? '', [idleHeader]: '1' })
  const who = await access.whoIs(headers)
  return who === null || who.duties.length > 0 ? null : who.tenantId
}

function closeWhenSignedOut(deps: LiveSocketDeps, socket: Socket): void {
  memberTenant(deps, socket).then((tenantId) => {
    if (tenantId === null) socket.disconnect(true)
  }, deps.onFault)
}

/** Folds calls of one name: the first is made after a short wait, the others of that time are dropped. */
function createFold(): { call(name: string, work: () => void): void; stop(): void } {
  const waiting = new Map<string, NodeJS.Timeout>()
  return {
    call(name, work) {
      if (waiting.has(name)) return
      const timer = setTimeout(() => {
        waiting.delete(name)
        work()
      }, foldMs)
      waiting.set(name, timer)
    },
    stop() {
      for (const timer of waiting.values()) clearTimeout(timer)
      waiting.clear()
    },
  }
}
