import { textOfSlip } from './escpos-decode.ts'
import { findPtyMaker, openPtyPair } from './pty-pair.ts'
import { type SimPrinter, startPtySimPrinter, startTcpSimPrinter } from './sim-printer.ts'
import { optionalEnv, portEnv, untilTold } from './sim-setting.ts'

let printer: SimPrinter | undefined
let told = 0

/** A cut slip goes to standard output as one JSON line. */
function tellNewSlips(): void {
  for (const slip of printer?.journal().slice(told) ?? []) {
    told += 1
    process.stdout.write(`${JSON.stringify({ event: 'cut', partial: slip.partial, text: textOfSlip(slip.lines) })}\n`)
  }
}

async function startPrinter() {
  const options = { now: Date.now, onChange: tellNewSlips }
  const path = optionalEnv('SIM_PRINTER_LINK')
  if (path === undefined) {
    const tcp = await startTcpSimPrinter({ ...options, port: portEnv('SIM_PRINTER_PORT') })
    return { device: tcp, address: { port: tcp.port } }
  }
  const maker = findPtyMaker(process.env['PATH'] ?? '')
  if (maker === undefined) throw new Error('a serial printer needs socat, or script of util-linux')
  return { device: startPtySimPrinter({ ...options, pty: await openPtyPair({ path, maker }) }), address: { path } }
}

const { device, address } = await startPrinter()
printer = device
process.stdout.write(`${JSON.stringify({ event: 'listening', ...address })}\n`)
await untilTold()
await device.stop()
process.exit(0)
