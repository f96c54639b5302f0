import { compileTicket } from '@yizhan/device-drivers/printing/escpos-compile'
import { printerProfiles } from '@yizhan/device-drivers/printing/printer-profile'
import { makeRasterFont } from '@yizhan/device-drivers/printing/raster-font'
import { benchSlip } from './bench-slip.ts'
import { loadPeer } from './peer-packages.ts'

interface ThermalPrinterModule {
  ThermalPrinter: new (config: {
    type: string
    interface: string
  }) => { append(bytes: Buffer): void; execute(): Promise<unknown>; clear(): void }
  PrinterTypes: { EPSON: string }
}

/**
 * Sends slips one after the other through node-thermal-printer's own TCP transport: the same bytes as ours, a connection for
 * each, nothing asked and nothing written down. Resolves when it has called every one of them printed.
 */
export async function printByPeer(port: number, slips: number): Promise<void> {
  const { ThermalPrinter, PrinterTypes } = await loadPeer<ThermalPrinterModule>('node-thermal-printer')
  const printer = new ThermalPrinter({ type: PrinterTypes.EPSON, interface: `tcp://127.0.0.1:${port}` })
  const font = makeRasterFont()
  for (let at = 0; at < slips; at += 1) {
    printer.clear()
    printer.append(Buffer.from(compileTicket(benchSlip(at), printerProfiles['epson-80'], font).bytes))
    await printer.execute()
  }
}
