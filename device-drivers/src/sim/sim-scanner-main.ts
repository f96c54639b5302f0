import { createInterface } from 'node:readline'
import { findPtyMaker, openPtyPair } from './pty-pair.ts'
import { startPtySimScanner, startTcpSimScanner } from './sim-scanner.ts'
import { optionalEnv, portEnv, untilTold } from './sim-setting.ts'

/** Every line on standard input is scanned as a code. */
async function startScanner() {
  const path = optionalEnv('SIM_SCANNER_LINK')
  if (path === undefined) {
    const tcp = await startTcpSimScanner(portEnv('SIM_SCANNER_PORT'))
    return { device: tcp, address: { port: tcp.port } }
  }
  const maker = findPtyMaker(process.env['PATH'] ?? '')
  if (maker === undefined) throw new Error('a serial scanner needs socat, or script of util-linux')
  return { device: startPtySimScanner(await openPtyPair({ path, maker })), address: { path } }
}

const { device: scanner, address } = await startScanner()
const lines = createInterface({ input: process.stdin })
lines.on('line', (line) => scanner.scan(line))
process.stdout.write(`${JSON.stringify({ event: 'listening', ...address })}\n`)
await untilTold()
lines.close()
await scanner.stop()
process.exit(0)
