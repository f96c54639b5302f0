import { readFile } from 'node:fs/promises'
import { type ServerType, serve } from '@hono/node-server'
import { makeBenchApp } from './bench-app.ts'
import { type BenchDevicesConfig, startBenchDevices } from './bench-devices.ts'
import { startNetworkCutter } from './network-cutter.ts'
import { findPtyMaker, openPtyPair } from './pty-pair.ts'
import { startTcpSimPrinter } from './sim-printer.ts'
import { startPtySimScanner } from './sim-scanner.ts'

/** Where the bench listens and what it shows; port 0 picks a free one. */
export interface DeviceBenchConfig extends BenchDevicesConfig {
  httpPort: number
  printerPort: number
  /** The link to the scanner's line that the station opens. */
  scannerLink: string
  /** The cable between station and centre; left out, there is none to cut. */
  proxy?: { port: number; target: { host: string; port: number } }
  staticDir?: string
  demoFile?: string
  searchPath: string
}

/** A running bench and the addresses it got. */
export interface DeviceBench {
  httpPort: number
  printerPort: number
  scannerPath: string
  proxyPort: number | null
  upsPort: number
  stop(): Promise<void>
}

/** Starts all simulated devices and the network cable with the bench's HTTP server, all on the loopback. */
export async function startDeviceBench(config: DeviceBenchConfig): Promise<DeviceBench> {
  const listeners = new Set<() => void>()
  const changed = () => {
    for (const listener of listeners) listener()
  }
  const maker = findPtyMaker(config.searchPath)
  if (maker === undefined) throw new Error('the bench needs socat, or script of util-linux, for its serial lines')
  const pty = await openPtyPair({ path: config.scannerLink, maker })
  const scanner = startPtySimScanner(pty)
  const printer = await startTcpSimPrinter({ port: config.printerPort, now: Date.now, onChange: changed })
  const devices = await startBenchDevices(config, { maker, changed })
  const network = config.proxy === undefined ? undefined : await startNetworkCutter(config.proxy)
  let httpPort = 0
  const app = makeBenchApp({
    printer,
    scanner,
    scannerPath: config.scannerLink,
    network,
    devices,
    staticDir: config.staticDir,
    readDemo: () => readDemoFile(config.demoFile),
    changed,
    onChange: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    port: () => httpPort,
  })
  const server = await new Promise<ServerType>((resolve, reject) => {
    const starting = serve({ fetch: app.fetch, port: config.httpPort, hostname: '127.0.0.1' }, (info) => {
      httpPort = info.port
      resolve(starting)
    })
    starting.once('error', reject)
  })
  return {
    httpPort,
    printerPort: printer.port,
    scannerPath: config.scannerLink,
    proxyPort: network?.port ?? null,
    upsPort: devices.ups.port,
    stop: async () => {
      await closeHttp(server)
      await Promise.all([printer.stop(), scanner.stop(), network?.stop(), devices.stop()])
    },
  }
}

/** Streams that a page holds open would keep the server for ever, so connections are closed, not waited for. */
function closeHttp(server: ServerType): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    if ('closeAllConnections' in server) server.closeAllConnections()
  })
}

/** What the demo wrote for the bench to offer; null while the file is not there, or only half written. */
async function readDemoFile(path: string | undefined): Promise<unknown> {
  if (path === undefined) return null
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch (error) {
    if (error instanceof SyntaxError || (error instanceof Error && 'code' in error && error.code === 'ENOENT'))
      return null
    throw error
  }
}
