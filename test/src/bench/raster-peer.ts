import { loadPeer } from './peer-packages.ts'

interface ThermalPrinterModule {
  ThermalPrinter: new (config: {
    type: string
    interface: object
    width: number
  }) => { printImageBuffer(png: Uint8Array): Promise<unknown>; getBuffer(): Uint8Array }
  PrinterTypes: { EPSON: string }
}
interface PngModule {
  PNG: { new (size: { width: number; height: number }): object; sync: { write(png: object): Uint8Array } }
}

const widthDots = 576

/**
 * The bytes of a slip that node-thermal-printer sends as one picture, which is how others get rare characters onto paper. A
 * raster is not compressed: an empty picture of the slip's height is as long as the real one.
 */
export async function rasterBytes(heightDots: number): Promise<number> {
  const { ThermalPrinter, PrinterTypes } = await loadPeer<ThermalPrinterModule>('node-thermal-printer')
  const { PNG } = await loadPeer<PngModule>('pngjs')
  const nowhere = {
    execute: () => Promise.resolve(),
    isPrinterConnected: () => Promise.resolve(true),
    getPrinterName: () => 'none',
  }
  const printer = new ThermalPrinter({ type: PrinterTypes.EPSON, interface: nowhere, width: 48 })
  await printer.printImageBuffer(PNG.sync.write(new PNG({ width: widthDots, height: heightDots })))
  return printer.getBuffer().length
}
