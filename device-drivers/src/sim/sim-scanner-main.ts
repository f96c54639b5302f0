import { createInterface } from 'node:readline'
import { openSimLine, runSimulator } from './sim-process.ts'
import { startPtySimScanner, startTcpSimScanner } from './sim-scanner.ts'
import { optionalEnv, portEnv } from './sim-setting.ts'

/** Every line on standard input is scanned as a code. */
async function startScanner() {
  if (optionalEnv('SIM_SCANNER_LINK') === undefined) {
    const tcp = await startTcpSimScanner(portEnv('SIM_SCANNER_PORT'))
    return { device: tcp, address: { port: tcp.port } }
  }
  const pty = await openSimLine('SCANNER')
  return { device: startPtySimScanner(pty), address: { path: pty.path } }
}

const { device: scanner, address } = await startScanner()
const lines = createInterface({ input: process.stdin })
lines.on('line', (line) => scanner.scan(line))
await runSimulator(
  {
    name: 'SCANNER',
    verbs: scanner.verbs,
    state: () => ({ scans: scanner.count(), ...scanner.wire.faults() }),
    journal: () => scanner.journal(),
    stop: () => scanner.stop(),
  },
  address,
)
lines.close()
process.exit(0)
