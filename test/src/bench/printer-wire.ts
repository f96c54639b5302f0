import { connect, createServer } from 'node:net'

/** A slip as it went over the wire: when its first byte came, and its bytes up to the next quiet moment. */
export interface WireSlip {
  firstByteAt: number
  bytes: number
}

/** A wire between station and printer that notes what passes. */
export interface PrinterWire {
  port: number
  /** Every slip so far. */
  slips(): readonly WireSlip[]
  stop(): Promise<void>
}

/** A slip begins by initialising the printer: ESC @. */
const slipStart = Buffer.from([0x1b, 0x40])
/** The cut counter is asked for before and after a slip: GS g 2. */
const counterQuestion = Buffer.from([0x1d, 0x67, 0x32])

/** Listens on a port of the loopback and passes everything on to the printer and back. */
export function startPrinterWire(printerPort: number): Promise<PrinterWire> {
  const slips: WireSlip[] = []
  const server = createServer((station) => {
    const printer = connect(printerPort, '127.0.0.1')
    for (const socket of [station, printer]) socket.setNoDelay(true)
    let open: WireSlip | undefined
    station.on('data', (bytes) => {
      const now = performance.now()
      const start = bytes.indexOf(slipStart)
      if (start >= 0) {
        open = { firstByteAt: now, bytes: bytes.length - start }
        slips.push(open)
      } else if (bytes.indexOf(counterQuestion) >= 0) open = undefined
      else if (open !== undefined) open.bytes += bytes.length
    })
    station.pipe(printer)
    printer.pipe(station)
    for (const socket of [station, printer]) {
      socket.on('error', () => socket.destroy())
      socket.on('close', () => {
        station.destroy()
        printer.destroy()
      })
    }
  })
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve({
        port: typeof address === 'object' && address !== null ? address.port : 0,
        slips: () => slips,
        stop: () => new Promise((done) => server.close(() => done())),
      })
    })
  })
}
