import { createServer, type Server, type Socket } from 'node:net'
import { textArg } from './control-args.ts'
import type { ControlVerbs } from './control-port.ts'
import type { PtyPair } from './pty-pair.ts'
import { SimJournal } from './sim-journal.ts'
import { type SimCable, SimWire } from './sim-wire.ts'

/** A simulated scanner: `scan` sends a code as scanners do, with CR after it; `send` sends bytes as they are. */
export interface SimScanner {
  readonly wire: SimWire
  readonly verbs: ControlVerbs
  scan(text: string): void
  send(bytes: Uint8Array): void
  /** How many times something was sent. */
  count(): number
  journal(): readonly object[]
  stop(): Promise<void>
}

/** The longest code that a verb may scan: more than a scanner's driver takes, so that it can be tried. */
const maxScanChars = 16_384

/** A scanner on a serial line, at the far end of a pseudo-terminal. */
export function startPtySimScanner(pty: PtyPair): SimScanner {
  return makeScanner(pty, () => pty.close())
}

/** A scanner on a TCP port of the loopback (0 picks one), as serial device servers offer it. */
export async function startTcpSimScanner(port: number): Promise<SimScanner & { port: number }> {
  const sockets = new Set<Socket>()
  const serve = (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => sockets.delete(socket))
    socket.resume()
  }
  let server = await listen(serve, port)
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  const unplug = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      for (const socket of sockets) socket.destroy()
    })
  const cable: SimCable = {
    write: (bytes) => {
      for (const socket of sockets) socket.write(bytes)
    },
    unplug,
    plugIn: async () => {
      server = await listen(serve, address.port)
    },
  }
  return { ...makeScanner(cable, unplug), port: address.port }
}

function listen(serve: (socket: Socket) => void, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer(serve)
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve(server))
  })
}

function makeScanner(cable: SimCable, stop: () => Promise<void>): SimScanner {
  const wire = new SimWire(cable, () => undefined)
  const journal = new SimJournal<{ event: 'sent'; bytes: number }>(Date.now)
  let count = 0
  const send = (bytes: Uint8Array) => {
    count += 1
    journal.note({ event: 'sent', bytes: bytes.length })
    wire.send(bytes)
  }
  const scan = (text: string) => send(Buffer.from(`${text}\r`, 'utf8'))
  const scanArgs = (args: unknown) => {
    const text = textArg(args, 'text', maxScanChars)
    const base64 = textArg(args, 'base64', maxScanChars)
    if (text !== undefined && text !== '') return scan(text)
    if (base64 === undefined || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return { refusal: 'scan-missing' }
    return send(Buffer.from(base64, 'base64'))
  }
  return {
    wire,
    verbs: { ...wire.verbs, scan: scanArgs },
    scan,
    send,
    count: () => count,
    journal: () => journal.entries(),
    stop,
  }
}
