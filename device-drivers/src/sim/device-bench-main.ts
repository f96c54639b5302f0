import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startDeviceBench } from './device-bench.ts'
import { hostAndPort, optionalEnv, portEnv, untilTold } from './sim-setting.ts'

const proxyTarget = optionalEnv('BENCH_PROXY_TARGET')
const staticDir = optionalEnv('BENCH_STATIC_DIR')
const demoFile = optionalEnv('BENCH_DEMO_FILE')

/** A link or socket that the station opens; in the temporary folder when not named. */
function pathEnv(name: string, device: string): string {
  return optionalEnv(name) ?? join(tmpdir(), `yizhan-${device}-${process.pid}`)
}

const paths = {
  scannerLink: pathEnv('BENCH_SCANNER_LINK', 'scanner'),
  idReaderLink: pathEnv('BENCH_ID_READER_LINK', 'id-reader'),
  keypadLink: pathEnv('BENCH_KEYPAD_LINK', 'keypad'),
  indicatorLink: pathEnv('BENCH_INDICATOR_LINK', 'indicator'),
  pcscdSocket: pathEnv('BENCH_PCSCD_SOCKET', 'pcscd'),
}

const bench = await startDeviceBench({
  httpPort: portEnv('BENCH_HTTP_PORT'),
  printerPort: portEnv('BENCH_PRINTER_PORT'),
  upsPort: portEnv('BENCH_UPS_PORT'),
  ...paths,
  searchPath: process.env['PATH'] ?? '',
  ...(proxyTarget === undefined
    ? {}
    : { proxy: { port: portEnv('BENCH_PROXY_PORT'), target: hostAndPort('BENCH_PROXY_TARGET', proxyTarget) } }),
  ...(staticDir === undefined ? {} : { staticDir }),
  ...(demoFile === undefined ? {} : { demoFile }),
})

const { httpPort: http, printerPort, scannerPath, proxyPort, upsPort } = bench
const addresses = { http, printerPort, scannerPath, proxyPort, upsPort, ...paths }
process.stdout.write(`${JSON.stringify({ event: 'listening', ...addresses })}\n`)
await untilTold()
await bench.stop()
process.exit(0)
