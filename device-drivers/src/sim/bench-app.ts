import { serveStatic } from '@hono/node-server/serve-static'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { streamSSE } from 'hono/streaming'
import { makeBenchHands } from './bench-device-hands.ts'
import { type BenchDevices, viewBenchDevices } from './bench-devices.ts'
import { readNetworkHand, readPrinterHand, readScannerHand } from './bench-order.ts'
import { textOfSlip } from './escpos-decode.ts'
import type { NetworkCutter } from './network-cutter.ts'
import { handlePrinter } from './printer-hands.ts'
import type { SimPrinter } from './sim-printer.ts'
import type { SimScanner } from './sim-scanner.ts'
import { drawTicket } from './ticket-picture.ts'

/** The devices on the bench, and what its page needs. */
export interface BenchDeps {
  printer: SimPrinter
  scanner: SimScanner
  scannerPath: string
  network: NetworkCutter | undefined
  /** ID reader, card readers, keypad, indicator and UPS. */
  devices: BenchDevices
  staticDir: string | undefined
  /** The demo codes, null while there are none. */
  readDemo: () => Promise<unknown>
  /** Says that a hand changed something that no device reports by itself. */
  changed: () => void
  /** Tells when something on the bench changed, until the answer is called. */
  onChange: (listener: () => void) => () => void
  /** The own port; known only once the server listens. */
  port: () => number
}

/** Slips shown at once; older ones stay in the journal of the run. */
const shownTickets = 50

/** A 4 KB hostile scan as JSON with every byte escaped. */
const maxBodyBytes = 64 * 1024

/** Changes come line by line while printing; a page that redraws ten times a second is live enough. */
const eventEveryMs = 100

/** The bench over HTTP, for its own page on the loopback only: exact Host, equal Origin, JSON. */
export function makeBenchApp(deps: BenchDeps): Hono {
  const app = new Hono()
  app.use(async (c, next) => {
    if (!hostsOf(deps).includes(c.req.header('host') ?? '')) return c.text('unknown host', 421)
    if (c.req.method !== 'GET' && !isOwnPost(c)) return c.text('only JSON from the bench page itself', 403)
    c.header('x-content-type-options', 'nosniff')
    c.header('content-security-policy', "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'")
    await next()
  })
  app.use(bodyLimit({ maxSize: maxBodyBytes }))
  app.get('/bench/state', async (c) => c.json(await readState(deps)))
  app.get('/bench/events', (c) => streamChanges(c, deps))
  app.get('/bench/tickets/:file{[0-9]+\\.svg}', (c) => serveTicket(c, deps))
  app.post('/bench/printer', async (c) => {
    const hand = readPrinterHand(await readJson(c))
    if (hand === undefined) return c.json({ refusal: 'printer-action-unknown' }, 422)
    await handlePrinter(deps.printer, hand)
    return c.json({ done: true })
  })
  app.post('/bench/scanner', async (c) => {
    const hand = readScannerHand(await readJson(c))
    if (hand === undefined) return c.json({ refusal: 'scan-missing' }, 422)
    if ('text' in hand) deps.scanner.scan(hand.text)
    else deps.scanner.send(hand.bytes)
    deps.changed()
    return c.json({ done: true })
  })
  app.post('/bench/network', async (c) => {
    const hand = readNetworkHand(await readJson(c))
    if (hand === undefined || deps.network === undefined) return c.json({ refusal: 'network-missing' }, 422)
    deps.network.setCut(hand.cut)
    deps.changed()
    return c.json({ done: true })
  })
  addDeviceHands(app, deps.devices)
  if (deps.staticDir !== undefined) {
    app.get('/', serveStatic({ root: deps.staticDir, path: 'bench.html' }))
    app.get('*', serveStatic({ root: deps.staticDir }))
  }
  return app
}

function addDeviceHands(app: Hono, devices: BenchDevices): void {
  for (const [device, handle] of Object.entries(makeBenchHands(devices))) {
    app.post(`/bench/${device}`, async (c) => {
      const result = await handle(await readJson(c))
      return result === undefined ? c.json({ done: true }) : c.json(result, 422)
    })
  }
}

function hostsOf(deps: BenchDeps): string[] {
  return [`127.0.0.1:${deps.port()}`, `localhost:${deps.port()}`]
}

/** Only a page that this server sent may act: its Origin is this Host, and a form cannot send JSON. */
function isOwnPost(c: Context): boolean {
  const type = c.req.header('content-type') ?? ''
  return c.req.header('origin') === `http://${c.req.header('host')}` && /^application\/json(?:;|$)/.test(type)
}

async function readJson(c: Context): Promise<unknown> {
  try {
    return JSON.parse(await c.req.text())
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

async function readState(deps: BenchDeps): Promise<object> {
  const { powered, coverOpen, paperMm, nearEnd, printing, speedMmPerS, cuts } = deps.printer.view()
  const slips = deps.printer.journal().slice(-shownTickets)
  return {
    printer: { powered, coverOpen, paperMm, nearEnd, printing, speedMmPerS, cuts },
    tickets: slips.map((slip) => ({
      ticketId: slip.slipId,
      cutAtMs: slip.cutAtMs,
      partial: slip.partial,
      text: textOfSlip(slip.lines),
      pictureUrl: `/bench/tickets/${slip.slipId}.svg`,
    })),
    scanner: { path: deps.scannerPath, scans: deps.scanner.count() },
    network: { cut: deps.network?.isCut() ?? false },
    ...viewBenchDevices(deps.devices),
    demo: await deps.readDemo(),
  }
}

function serveTicket(c: Context, deps: BenchDeps): Response {
  const slipId = c.req.path.slice('/bench/tickets/'.length, -'.svg'.length)
  const slip = deps.printer.journal().find((candidate) => candidate.slipId === slipId)
  if (slip === undefined) return c.json({ refusal: 'ticket-unknown' }, 404)
  return c.body(drawTicket(slip.lines), 200, { 'content-type': 'image/svg+xml' })
}

function streamChanges(c: Context, deps: BenchDeps): Response {
  return streamSSE(c, async (stream) => {
    let changed = true
    const stop = deps.onChange(() => {
      changed = true
    })
    stream.onAbort(stop)
    while (!stream.aborted) {
      if (changed) {
        changed = false
        await stream.writeSSE({ data: 'changed' })
      }
      await stream.sleep(eventEveryMs)
    }
  })
}
