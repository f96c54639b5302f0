import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startDeviceBench } from './device-bench.ts'
import { hostAndPort, optionalEnv, portEnv, untilTold } from './sim-setting.ts'

const proxyTarget = optionalEnv('BENCH_PROXY_TARGET')
const staticDir = optionalEnv('BENCH_STATIC_DIR')
const demoFile = optionalEnv('BENCH_DEMO_FILE')

const bench = await startDeviceBench({
  httpPort: portEnv('BENCH_HTTP_PORT'),
  printerPort: portEnv('BENCH_PRINTER_PORT'),
  scannerLink: optionalEnv('BENCH_SCANNER_LINK') ?? join(tmpdir(), `yizhan-scanner-${process.pid}`),
  searchPath: process.env['PATH'] ?? '',
  ...(proxyTarget === undefined
    ? {}
    : { proxy: { port: portEnv('BENCH_PROXY_PORT'), target: hostAndPort('BENCH_PROXY_TARGET', proxyTarget) } }),
  ...(staticDir === undefined ? {} : { staticDir }),
  ...(demoFile === undefined ? {} : { demoFile }),
})

const { httpPort: http, printerPort, scannerPath, proxyPort } = bench
process.stdout.write(`${JSON.stringify({ event: 'listening', http, printerPort, scannerPath, proxyPort })}\n`)
await untilTold()
await bench.stop()
process.exit(0)
