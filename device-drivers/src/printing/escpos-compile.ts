import type { TextAlign, TextScale, TicketBlock, TicketDoc } from '@yizhan/contracts/printing'
import { PrinterTypes, ThermalPrinter } from 'node-thermal-printer'
import { chineseModeOn, code128, feedDots, qrCode } from './escpos-opcodes.ts'
import { encodeGb18030 } from './gb18030-text.ts'
import { printsAsText } from './glyph-set.ts'
import { presentTicket } from './presenter-status.ts'
import type { PrinterProfile } from './printer-profile.ts'
import type { GlyphSource } from './raster-font.ts'
import { rasterLine } from './raster-line.ts'
import { columnsOf, padToColumns, wrapToColumns } from './text-width.ts'
import { sanitizeTicketText } from './ticket-text.ts'

/** A slip as bytes, with the paper it takes at most, for deadlines. */
export interface CompiledTicket {
  bytes: Uint8Array
  heightMm: number
}

/** Dots per line feed after ESC @ (1/6 inch is 34 at 203 dpi, most models take 30); higher characters take their height. */
const lineDots = 34
const characterDots = 24
const dotsPerMm = 8

/** ESC d 4 brings the last line from the print head past the knife, 15 mm on 80 mm models. */
const feedToKnifeLines = 4

/** The text below a bar code: one line of Font A and the gap above it. */
const barCodeTextDots = 40

/**
 * The bytes of a slip for this printer, from ESC @ to the cut, and to the presenter's move where there is one. Text is
 * sanitised, measured in columns and encoded here; a line with a character that the printer has no glyph for goes as picture,
 * that line only. Throws a RangeError when a QR or bar code text does not fit, or a size is out of range.
 */
export function compileTicket(doc: TicketDoc, profile: PrinterProfile, glyphs: GlyphSource): CompiledTicket {
  const slip = new SlipWriter(profile, glyphs)
  const labelColumns = widestLabel(doc.blocks)
  for (const block of doc.blocks) writeBlock(slip, block, labelColumns)
  return slip.finish()
}

/** The library's own types forget its ESC @. */
type OpcodeLibrary = ThermalPrinter & { initHardware(): void }

interface TextStyle {
  align: TextAlign
  scale: TextScale
  bold: boolean
}

const plain: TextStyle = { align: 'start', scale: 1, bold: false }

function writeBlock(slip: SlipWriter, block: TicketBlock, labelColumns: number): void {
  switch (block.kind) {
    case 'text':
      slip.text(sanitizeTicketText(block.text), {
        align: block.align ?? 'start',
        scale: block.scale ?? 1,
        bold: block.bold ?? false,
      })
      return
    case 'row':
      slip.row(sanitizeTicketText(block.label), sanitizeTicketText(block.value), labelColumns, block.bold ?? false)
      return
    case 'rule':
      slip.rule()
      return
    case 'feed':
      slip.feed(block.lines)
      return
    case 'qr':
      slip.qr(sanitizeTicketText(block.data), block.moduleDots, block.align ?? 'center')
      return
    case 'code128':
      slip.code128(block.data, block.heightDots, block.align ?? 'center')
      return
    default:
      throw new TypeError(`unknown block ${JSON.stringify(block satisfies never)}`)
  }
}

function widestLabel(blocks: readonly TicketBlock[]): number {
  const widths = blocks.map((block) => (block.kind === 'row' ? columnsOf(sanitizeTicketText(block.label)) : 0))
  return Math.max(0, ...widths)
}

/** Writes one slip; keeps the printer's modes, so that each opcode is sent only when it changes something. */
class SlipWriter {
  readonly #profile: PrinterProfile
  readonly #columns: number
  readonly #glyphs: GlyphSource
  readonly #printer: OpcodeLibrary
  #style: TextStyle = plain
  #heightDots = feedToKnifeLines * lineDots

  constructor(profile: PrinterProfile, glyphs: GlyphSource) {
    this.#profile = profile
    this.#columns = profile.columns
    this.#glyphs = glyphs
    this.#printer = startOpcodes()
    this.#printer.initHardware()
    this.#printer.add(Buffer.from(chineseModeOn))
  }

  text(text: string, style: TextStyle): void {
    this.#setStyle(style)
    for (const line of wrapToColumns(text, Math.floor(this.#columns / style.scale))) this.#line(line)
  }

  /** Labels share one column, values start in the next and hang under themselves when they need more lines. */
  row(label: string, value: string, labelColumns: number, bold: boolean): void {
    this.#setStyle({ ...plain, bold })
    const indent = Math.min(labelColumns + 2, Math.floor(this.#columns / 2))
    const [first = '', ...more] = wrapToColumns(value, this.#columns - indent)
    const labels = wrapToColumns(label, indent - 1)
    const lastLabel = labels.pop() ?? ''
    for (const line of labels) this.#line(line)
    this.#line(padToColumns(lastLabel, indent) + first)
    for (const line of more) this.#line(' '.repeat(indent) + line)
  }

  rule(): void {
    this.#setStyle(plain)
    this.#line('─'.repeat(this.#columns / 2))
  }

  feed(lines: number): void {
    if (!Number.isInteger(lines) || lines < 0 || lines > 20) throw new RangeError(`feed of ${lines} lines`)
    this.#setStyle(plain)
    for (let line = 0; line < lines; line += 1) this.#line('')
  }

  qr(data: string, moduleDots: number, align: TextAlign): void {
    this.#setStyle({ ...plain, align })
    this.#printer.add(Buffer.from(qrCode(data, moduleDots)))
    this.#heightDots += mostQrModules(data) * moduleDots
  }

  code128(data: string, heightDots: number, align: TextAlign): void {
    this.#setStyle({ ...plain, align })
    this.#printer.add(Buffer.from(code128(data, heightDots, this.#profile.widthDots)))
    this.#heightDots += heightDots + barCodeTextDots
  }

  /** The library's cut feeds four lines (ESC d 4, 15 mm: print head to knife), cuts fully, then sends ESC @. */
  finish(): CompiledTicket {
    this.#printer.cut({ verticalTabAmount: 1 })
    if (this.#profile.presenter !== null) this.#printer.add(Buffer.from(presentTicket(this.#profile.presenter)))
    return { bytes: new Uint8Array(this.#printer.getBuffer()), heightMm: Math.ceil(this.#heightDots / dotsPerMm) }
  }

  #line(text: string): void {
    if (!printsAsText(text, this.#profile.glyphSet)) {
      this.#picture(text)
      return
    }
    if (text !== '') this.#printer.add(Buffer.from(encodeGb18030(text)))
    this.#printer.newLine()
    this.#heightDots += Math.max(lineDots, characterDots * this.#style.scale)
  }

  #picture(text: string): void {
    const { bytes, heightDots } = rasterLine(text, this.#style, this.#glyphs)
    const gapDots = Math.max(0, lineDots - heightDots)
    this.#printer.add(Buffer.from(bytes))
    if (gapDots > 0) this.#printer.add(Buffer.from(feedDots(gapDots)))
    this.#heightDots += heightDots + gapDots
  }

  #setStyle(style: TextStyle): void {
    if (style.align !== this.#style.align) this.#setAlign(style.align)
    if (style.scale !== this.#style.scale) this.#printer.setTextSize(style.scale - 1, style.scale - 1)
    if (style.bold !== this.#style.bold) this.#printer.bold(style.bold)
    this.#style = style
  }

  #setAlign(align: TextAlign): void {
    if (align === 'start') this.#printer.alignLeft()
    else if (align === 'center') this.#printer.alignCenter()
    else this.#printer.alignRight()
  }
}

/** No QR code of this text at level M has more modules on a side: each version adds four and at least ten bytes. */
function mostQrModules(data: string): number {
  return Math.min(177, 21 + 4 * Math.ceil(Buffer.byteLength(data) / 10))
}

/**
 * The library as an encoder of opcodes only. The interface object is ours and refuses to send: its own transports call a
 * job printed that is not, and resend one that it called failed. Its type asks for a string, its code takes any object.
 */
function startOpcodes(): OpcodeLibrary {
  const refuse = (): Promise<never> => Promise.reject(new Error('slips are sent by the printer session only'))
  const noTransport: unknown = { getPrinterName: () => 'bytes', isPrinterConnected: refuse, execute: refuse }
  return new ThermalPrinter({ type: PrinterTypes.EPSON, interface: noTransport as string }) as OpcodeLibrary
}
