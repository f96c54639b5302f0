import { createServer, type Server, type Socket } from 'node:net'
import type { PrinterOrder } from './escpos-commands.ts'
import type { PtyPair } from './pty-pair.ts'
import { type CutSlip, PrinterBody, type PrinterBodyView } from './sim-printer-body.ts'
import { SimWire } from './sim-wire.ts'

/** How the simulated printer is built, loaded and connected. */
export interface SimPrinterOptions {
  widthDots?: number
  /** Millimetres a second; the demo prints at 150, a common model's speed for text. `Infinity` prints at once. */
  speedMmPerS?: number
  paperMm?: number
  unknownOrders?: readonly PrinterOrder['kind'][]
  /** Builds it with a presenter whose bin holds this many slips. */
  presenterBinHolds?: number
  now: () => number
  onChange?: () => void
}

/** A simulated printer with the hands of whoever stands before it. */
export interface SimPrinter {
  readonly body: PrinterBody
  /** What its answers pass through, with the faults of a line. */
  readonly wire: SimWire
  view(): PrinterBodyView
  journal(): readonly CutSlip[]
  setPower(on: boolean): Promise<void>
  /** Breaks the connection that is open: a network's reset, a plug pulled out and put in again. */
  dropLink(): Promise<void>
  stop(): Promise<void>
}

/** A whole roll of 80 mm paper. */
const fullRollMm = 60_000
const paperWidthDots = 576
const demoSpeedMmPerS = 150

/**
 * A printer on a TCP port (0 picks one) of the loopback. It serves one connection at a time, as network printers do; without
 * power it refuses.
 */
export async function startTcpSimPrinter(
  options: SimPrinterOptions & { port: number },
): Promise<SimPrinter & { port: number }> {
  let socket: Socket | undefined
  const wire = new SimWire(
    {
      write: (bytes) => socket?.write(bytes),
      unplug: () => unplug(),
      plugIn: async () => {
        server = await listen(serve, port)
      },
    },
    options.onChange ?? (() => undefined),
  )
  const body = makeBody(options, (bytes) => wire.send(bytes))
  const serve = (incoming: Socket) => {
    if (socket !== undefined) return incoming.destroy()
    socket = incoming
    incoming.setNoDelay(true)
    incoming.on('data', (bytes) => {
      if (!body.receive(bytes, () => incoming.resume())) incoming.pause()
    })
    incoming.on('error', () => incoming.destroy())
    incoming.on('close', () => {
      if (socket === incoming) socket = undefined
    })
  }
  let server = await listen(serve, options.port)
  const port = portOf(server)
  const unplug = async () => {
    socket?.destroy()
    socket = undefined
    await closeServer(server)
  }
  return {
    body,
    wire,
    port,
    view: () => body.view(),
    journal: () => body.journal,
    setPower: async (on) => {
      if (on === body.view().powered) return
      body.setPower(on)
      await (on ? wire.plugIn() : wire.unplug())
    },
    dropLink: async () => {
      socket?.resetAndDestroy()
    },
    stop: async () => {
      body.stop()
      await unplug()
    },
  }
}

/** A printer at the far end of a pseudo-terminal. Without power the line stays, and is silent, as with a serial cable. */
export function startPtySimPrinter(options: SimPrinterOptions & { pty: PtyPair }): SimPrinter {
  const { pty } = options
  const wire = new SimWire(pty, options.onChange ?? (() => undefined))
  const body = makeBody(options, (bytes) => wire.send(bytes))
  pty.onData((bytes) => {
    if (!body.receive(bytes, () => pty.resume())) pty.pause()
  })
  return {
    body,
    wire,
    view: () => body.view(),
    journal: () => body.journal,
    setPower: async (on) => body.setPower(on),
    dropLink: async () => {
      await wire.unplug()
      await wire.plugIn()
    },
    stop: async () => {
      body.stop()
      await pty.close()
    },
  }
}

function makeBody(options: SimPrinterOptions, reply: (bytes: Uint8Array) => void): PrinterBody {
  return new PrinterBody({
    widthDots: options.widthDots ?? paperWidthDots,
    speedMmPerS: options.speedMmPerS ?? demoSpeedMmPerS,
    paperMm: options.paperMm ?? fullRollMm,
    unknownOrders: options.unknownOrders ?? [],
    ...(options.presenterBinHolds === undefined ? {} : { presenterBinHolds: options.presenterBinHolds }),
    now: options.now,
    reply,
    changed: options.onChange ?? (() => undefined),
  })
}

function listen(serve: (socket: Socket) => void, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer(serve)
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve(server))
  })
}

function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return address.port
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
  })
}
