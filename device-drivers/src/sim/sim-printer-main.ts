import { textOfSlip } from './escpos-decode.ts'
import { printerVerbs } from './printer-hands.ts'
import { type SimPrinter, startPtySimPrinter, startTcpSimPrinter } from './sim-printer.ts'
import { openSimLine, runSimulator } from './sim-process.ts'
import { optionalEnv, portEnv } from './sim-setting.ts'

let printer: SimPrinter | undefined
let told = 0

/** A cut slip goes to standard output as one JSON line. */
function tellNewSlips(): void {
  for (const slip of printer?.journal().slice(told) ?? []) {
    told += 1
    process.stdout.write(`${JSON.stringify({ event: 'cut', partial: slip.partial, text: textOfSlip(slip.lines) })}\n`)
  }
}

/** With `SIM_PRINTER_BIN_HOLDS` set, the printer has a presenter whose bin holds so many slips. */
function presenterOption(binHolds: string | undefined): { presenterBinHolds?: number } {
  if (binHolds === undefined) return {}
  if (!/^\d{1,4}$/.test(binHolds)) throw new Error('SIM_PRINTER_BIN_HOLDS must be a number of slips')
  return { presenterBinHolds: Number(binHolds) }
}

async function startPrinter() {
  const options = { now: Date.now, onChange: tellNewSlips, ...presenterOption(optionalEnv('SIM_PRINTER_BIN_HOLDS')) }
  if (optionalEnv('SIM_PRINTER_LINK') === undefined) {
    const tcp = await startTcpSimPrinter({ ...options, port: portEnv('SIM_PRINTER_PORT') })
    return { device: tcp, address: { port: tcp.port } }
  }
  const pty = await openSimLine('PRINTER')
  return { device: startPtySimPrinter({ ...options, pty }), address: { path: pty.path } }
}

const { device, address } = await startPrinter()
printer = device
await runSimulator(
  {
    name: 'PRINTER',
    verbs: printerVerbs(device),
    state: () => ({ ...device.wire.faults(), ...device.view() }),
    journal: () => device.journal().map(({ lines, ...slip }) => ({ ...slip, text: textOfSlip(lines) })),
    stop: () => device.stop(),
  },
  address,
)
process.exit(0)
