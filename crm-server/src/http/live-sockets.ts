import type { Server as HttpServer, IncomingMessage } from 'node:http'
import { type CentrePushName, centreLivePath, centrePushes } from '@yizhan/contracts/centre'
import { centreDoorbells, doorbellHandshake, doorbellPath } from '@yizhan/contracts/station-bell'
import { hospitalHeader, idleHeader } from '@yizhan/rules/access/session-limits'
import { Server, type Socket } from 'socket.io'
import { z } from 'zod'
import type { AccessPort } from '../access/access-port.ts'
import { isAllowed } from '../access/call-right.ts'
import type { Resource } from '../access/policy-table.ts'
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
/** The hospital that a page shows, as its calls name it. */
const hospitalChoice = z.object({ hospital: z.string().max(64).optional() })
/** Many changes within this time are one ring: a page asks again at most about three times a second. */
const foldMs = 300
/** How soon a socket of an ended session is closed. */
const recheckMs = 60_000

/** Opens both doorbells: one for stations, one for the pages of staff. `ring` passes news on to whoever it concerns. */
export function startLiveSockets(deps: LiveSocketDeps): { ring(news: Ring): void; stop(): Promise<void> } {
  const stations = openSocketServer(deps, doorbellPath)
  const pages = openSocketServer(deps, centreLivePath)
  stations.use((socket, next) => admit(next, () => stationRooms(deps, socket), socket, deps))
  pages.use((socket, next) => admit(next, () => memberRooms(deps, socket), socket, deps))
  const recheckAll = () => {
    for (const socket of pages.sockets.sockets.values()) recheckMember(deps, socket)
  }
  const recheck = setInterval(recheckAll, recheckMs)
  const folded = createFold()
  const push = (server: Server, tenantId: string, name: CentrePushName | typeof feedChanged) => {
    const room = roomOf(tenantId, name)
    folded.call(room, () => server.to(room).emit(name))
  }
  return {
    ring({ tenantId, bell }) {
      if (bell === 'feed') push(stations, tenantId, feedChanged)
      if (bell === 'bookings') push(pages, tenantId, 'bookings-changed')
      if (bell === 'stations') push(pages, tenantId, 'stations-changed')
      if (bell === 'todos') push(pages, tenantId, 'todos-changed')
      if (bell === 'notices') push(pages, tenantId, 'notices-changed')
      if (bell === 'members') recheckAll()
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
  roomsOf: () => Promise<string[]>,
  socket: Socket,
  { onFault }: LiveSocketDeps,
): void {
  roomsOf().then(
    async (rooms) => {
      if (rooms.length === 0) return next(new Error('refused'))
      await socket.join(rooms)
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

async function stationRooms(deps: LiveSocketDeps, socket: Socket): Promise<string[]> {
  const tenantId = await stationTenant(deps, socket)
  return tenantId === null ? [] : [roomOf(tenantId, feedChanged)]
}

/** One room for every push of a hospital: who may not read what a push is about does not hear that it changed. */
function roomOf(tenantId: string, name: CentrePushName | typeof feedChanged | 'anybody'): string {
  return `${tenantId}/${name}`
}

/** What each push of the pages is news of; whoever may read one of these hears it. */
const newsOf: Record<CentrePushName, readonly Resource[]> = {
  'bookings-changed': ['booking'],
  'stations-changed': ['station', 'slip'],
  'todos-changed': ['todo'],
  'notices-changed': ['notice'],
}

/** The rooms that a member of staff may be in, by the policy table; none when nobody is signed in. */
async function memberRooms({ access }: LiveSocketDeps, socket: Socket): Promise<string[]> {
  const headers = new Headers({ cookie: socket.handshake.headers.cookie ?? '', [idleHeader]: '1' })
  const { hospital } = hospitalChoice.safeParse(socket.handshake.auth).data ?? {}
  if (hospital !== undefined) headers.set(hospitalHeader, hospital)
  const who = await access.whoIs(headers)
  if (who === null || who.duties.length > 0) return []
  const mayRead = (name: CentrePushName) =>
    newsOf[name].some((resource) => isAllowed(who.roles, { resource, verb: 'read' }))
  return [roomOf(who.tenantId, 'anybody'), ...centrePushes.filter(mayRead).map((name) => roomOf(who.tenantId, name))]
}

/** Takes a page out of the rooms that its person may no longer be in, and closes it when none is left. */
function recheckMember(deps: LiveSocketDeps, socket: Socket): void {
  memberRooms(deps, socket).then(async (rooms) => {
    if (rooms.length === 0) return socket.disconnect(true)
    for (const room of socket.rooms) if (room !== socket.id && !rooms.includes(room)) await socket.leave(room)
    await socket.join(rooms)
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
