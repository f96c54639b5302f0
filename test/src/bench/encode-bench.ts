import type { TicketBlock, TicketDoc } from '@yizhan/contracts/printing'
import { compileTicket } from '@yizhan/device-drivers/printing/escpos-compile'
import { printerProfiles } from '@yizhan/device-drivers/printing/printer-profile'
import { makeRasterFont } from '@yizhan/device-drivers/printing/raster-font'
import { type BenchLine, compareCosts, median } from './bench-line.ts'
import { loadPeer } from './peer-packages.ts'

/** What node-thermal-printer's text path is asked for. */
interface TextPrinter {
  setCharacterSet(name: string): void
  alignLeft(): void
  alignCenter(): void
  bold(on: boolean): void
  setTextSize(height: number, width: number): void
  println(text: string): void
  leftRight(left: string, right: string): void
  drawLine(): void
  printQR(data: string, settings: { cellSize: number; correction: string }): void
  cut(): void
  clear(): void
  getBuffer(): Uint8Array
}
interface ThermalPrinterModule {
  ThermalPrinter: new (config: { type: string; interface: object; width: number }) => TextPrinter
  PrinterTypes: { EPSON: string }
  CharacterSet: { CHINA: string }
}

const ticketsPerRun = 200
const runs = 15
/** The first tickets meet code that is not compiled yet. */
const warmUps = 600
const goalUs = 300

/** A check-in slip as patients get it, all of it made up. */
function checkInSlip(patientName: string): TicketDoc {
  return {
    blocks: [
      { kind: 'text', text: '示例市第一医院', align: 'center', bold: true },
      { kind: 'text', text: '就诊凭条', align: 'center' },
      { kind: 'text', text: 'A037', align: 'center', bold: true, scale: 6 },
      { kind: 'text', text: '心血管内科门诊', align: 'center', scale: 2, bold: true },
      { kind: 'text', text: '2 号楼 3 层 306 诊室', align: 'center' },
      { kind: 'rule' },
      { kind: 'row', label: '姓名', value: patientName },
      { kind: 'row', label: '医生', value: '李明远 主任医师' },
      { kind: 'row', label: '预约时间', value: '11-22 周日 09:30-10:00' },
      { kind: 'row', label: '签到时间', value: '11-22 周日 09:12' },
      { kind: 'row', label: '前面等候', value: '5 人，约 20-30 分钟（09:12 估计）' },
      { kind: 'rule' },
      { kind: 'text', text: '请在候诊区等候叫号。过号后请到护士站重新排队，号码仍然有效。' },
      { kind: 'qr', data: 'YZ1.0K.7Q4M2X9C8V5B3N6Z1A0S.8D7F6G5H4J3K2L1Q', moduleDots: 5 },
      { kind: 'text', text: '大厅一号机 A', align: 'center' },
    ],
  }
}

/** Our encoder against node-thermal-printer's own text path for the same slip: time and bytes of a ticket. */
export async function benchEncode(): Promise<BenchLine[]> {
  const peer = await makePeer()
  const font = makeRasterFont()
  const profile = printerProfiles['epson-80']
  const encode = (doc: TicketDoc) => compileTicket(doc, profile, font).bytes
  const [slip, rare] = [checkInSlip('张*䶮'), checkInSlip('𠮷*')]
  const contestants = {
    ours: () => encode(slip),
    other: () => peer(slip),
    rare: () => encode(rare),
  }
  const times = measureInTurn(contestants)
  const other = 'text path of node-thermal-printer'
  const us = (name: string, ours: number, than: number, otherName: string, goal: number): BenchLine =>
    compareCosts({ name: `encode, ${name}`, unit: 'µs a ticket', ours, other: than, otherName, goal, runs })
  return [
    compareCosts({
      name: 'encode, bytes of a ticket',
      unit: 'bytes',
      ours: encode(slip).length,
      other: peer(slip).length,
      otherName: other,
      goal: 0.9,
      runs: 1,
    }),
    us('a name of plane 2, its line as picture', times.rare, goalUs, 'the goal itself', 1),
    us('time of a ticket', times.ours, goalUs, 'the goal itself', 1),
    us('time of a ticket', times.ours, times.other, other, 1),
  ]
}

/** Microseconds a ticket, medians of runs that take turns, so that a busy moment of the machine meets them all. */
function measureInTurn<Name extends string>(contestants: Record<Name, () => Uint8Array>): Record<Name, number> {
  const names = Object.keys(contestants) as Name[]
  const times = new Map<Name, number[]>(names.map((name) => [name, []]))
  for (const name of names) for (let at = 0; at < warmUps; at += 1) contestants[name]()
  for (let run = 0; run < runs; run += 1) {
    for (const name of names) {
      const startedAt = performance.now()
      for (let at = 0; at < ticketsPerRun; at += 1) contestants[name]()
      times.get(name)?.push(((performance.now() - startedAt) * 1000) / ticketsPerRun)
    }
  }
  return Object.fromEntries(names.map((name) => [name, median(times.get(name) ?? [])])) as Record<Name, number>
}

/** The same slip by the library's own calls. One printer serves all tickets, cleared between them, as it is meant to be used. */
async function makePeer(): Promise<(doc: TicketDoc) => Uint8Array> {
  const { ThermalPrinter, PrinterTypes, CharacterSet } = await loadPeer<ThermalPrinterModule>('node-thermal-printer')
  const nowhere = {
    execute: () => Promise.resolve(),
    isPrinterConnected: () => Promise.resolve(true),
    getPrinterName: () => 'none',
  }
  const printer = new ThermalPrinter({ type: PrinterTypes.EPSON, interface: nowhere, width: 48 })
  return (doc) => {
    printer.clear()
    printer.setCharacterSet(CharacterSet.CHINA)
    for (const block of doc.blocks) writePeerBlock(printer, block)
    printer.cut()
    return printer.getBuffer()
  }
}

function writePeerBlock(printer: TextPrinter, block: TicketBlock): void {
  switch (block.kind) {
    case 'text': {
      const { text, align, scale = 1, bold = false } = block
      if (align === 'center') printer.alignCenter()
      else printer.alignLeft()
      printer.setTextSize(scale - 1, scale - 1)
      printer.bold(bold)
      printer.println(text)
      return
    }
    case 'row':
      printer.alignLeft()
      printer.leftRight(block.label, block.value)
      return
    case 'rule':
      printer.drawLine()
      return
    case 'qr':
      printer.alignCenter()
      printer.printQR(block.data, { cellSize: block.moduleDots, correction: 'M' })
      return
    case 'feed':
    case 'code128':
      throw new Error(`the slip of this bench has no ${block.kind}`)
    default:
      throw new TypeError(`unknown block ${JSON.stringify(block satisfies never)}`)
  }
}
