import type { Server as HttpServer } from 'node:http'
import type { StationPush, StationPushName } from '@yizhan/contracts/station'
import { Server, type Socket } from 'socket.io'
import type { LaunchGate } from './launch-token.ts'
import { refuseForeign } from './loopback-guard.ts'

/** The way from the station to its screens. */
export interface KioskSocket {
  push<Name extends StationPushName>(name: Name, message: StationPush<Name>): void
  /** Ends every screen's line, and each tries again by itself; the web server itself is closed by its owner. */
  close(): void
}

/** A kiosk has nothing to say over the socket; a frame larger than this is not from our page. */
const longestFrameBytes = 4096

/**
 * What somebody does at a device is for one page only: two pages that both took up a card would show one patient twice. What
 * is state is for all of them, and so is a card's removal: the page that was told of the card may hold the devices no more.
 */
const forTheHolder: ReadonlySet<StationPushName> = new Set([
  'scan-received',
  'scan-refused',
  'card-inserted',
  'card-read',
  'card-refused',
])

/**
 * Serves the screens' socket: WebSocket only, same guard as every call, and deaf: screens act by calls, which are typed
 * and refused in words, so anything that a socket sends is dropped. The page that was opened last holds the lease of the
 * devices; when it goes, the one before it has it again.
 */
export function openKioskSocket(server: HttpServer, gate: LaunchGate, hosts: () => ReadonlySet<string>): KioskSocket {
  const io = new Server(server, {
    transports: ['websocket'],
    serveClient: false,
    maxHttpBufferSize: longestFrameBytes,
    allowRequest: (request, decide) => {
      const foreign = request.headers.origin === undefined || refuseForeign(request.headers, 'GET', hosts()) !== null
      decide(null, !foreign && gate.admits(request.headers.cookie))
    },
  })
  const pages: Socket[] = []
  io.on('connection', (page) => {
    pages.push(page)
    page.on('disconnect', () => pages.splice(pages.indexOf(page), 1))
  })
  return {
    push: (name, message) => {
      if (forTheHolder.has(name)) pages.at(-1)?.emit(name, message)
      else io.emit(name, message)
    },
    close() {
      // Without socket.io's own goodbye: a client that got one never connects again, and after an orderly restart the
      // screen would look well and hear of no scan and no card.
      io.engine.close()
    },
  }
}
