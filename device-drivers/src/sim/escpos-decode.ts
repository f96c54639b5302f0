import qrcode from 'qrcode-generator'
import { code128Modules } from './code128-modules.ts'
import { type PrinterOrder, readOrder } from './escpos-commands.ts'

/** A run of characters in one style on one printed line. */
export interface PrintedSpan {
  text: string
  columns: number
  width: number
  height: number
  bold: boolean
}

/** One piece of printed paper from top to bottom; heights are dots at 203 dpi. */
export type PrintedLine =
  | { kind: 'text'; align: 'start' | 'center' | 'end'; spans: PrintedSpan[]; heightDots: number }
  | { kind: 'qr'; align: 'start' | 'center' | 'end'; data: string; moduleDots: number; heightDots: number }
  | BarCodeLine
  | { kind: 'raster'; align: 'start' | 'center' | 'end'; rowBytes: number; bytes: Uint8Array; heightDots: number }

/** A CODE128 symbol; `barDots` of its height are bars, the rest is its text. */
export interface BarCodeLine {
  kind: 'code128'
  align: 'start' | 'center' | 'end'
  data: string
  moduleDots: number
  barDots: number
  heightDots: number
}

/** Line spacing after ESC @ in dots. */
const lineDots = 30
const characterDots = 24
const columnDots = 12

/** The printer's page: takes orders one by one, and says which line an order put on paper. */
export class PageComposer {
  readonly #widthDots: number
  #align: 'start' | 'center' | 'end' = 'start'
  #width = 1
  #height = 1
  #bold = false
  #spans: PrintedSpan[] = []
  #qrDots = 3
  #qrData = ''
  readonly #qrCounts = new Map<number, number>()
  #bar = { dots: 162, moduleDots: 3, textBelow: false }
  chinese = false

  constructor(widthDots: number) {
    this.#widthDots = widthDots
  }

  /** The lines that this order printed; mostly none or one. */
  apply(order: PrinterOrder): PrintedLine[] {
    switch (order.kind) {
      case 'character':
        return this.#put(order)
      case 'line-feed':
        return [this.#endLine()]
      case 'feed-lines':
        return Array.from({ length: order.lines }, () => this.#endLine())
      case 'qr-print':
        return this.#printQr()
      case 'feed-dots':
        return [{ ...this.#endLine(), heightDots: order.dots }]
      case 'code128-print':
        return this.#printCode128(order.data)
      case 'raster':
        return this.#printRaster(order)
      case 'initialize':
        this.clear()
        return []
      default:
        this.#setMode(order)
        return []
    }
  }

  /** Drops the unfinished line and all modes, as ESC @ and a loss of power do. */
  clear(): void {
    this.#align = 'start'
    this.#width = 1
    this.#height = 1
    this.#bold = false
    this.#spans = []
    this.chinese = false
  }

  #setMode(order: PrinterOrder): void {
    if (order.kind === 'bar-height') this.#bar.dots = order.dots
    else if (order.kind === 'bar-module') this.#bar.moduleDots = order.dots
    else if (order.kind === 'bar-text') this.#bar.textBelow = order.below
    else this.#setTextMode(order)
  }

  #setTextMode(order: PrinterOrder): void {
    if (order.kind === 'align') this.#align = order.align
    else if (order.kind === 'bold') this.#bold = order.on
    else if (order.kind === 'chinese-mode') this.chinese = order.on
    else if (order.kind === 'qr-module') this.#qrDots = order.dots
    else if (order.kind === 'qr-store') this.#qrData = order.data
    else if (order.kind === 'size') {
      this.#width = order.width
      this.#height = order.height
    }
  }

  /** A character that no longer fits goes to the next line, as on paper. */
  #put(character: { text: string; columns: 1 | 2 }): PrintedLine[] {
    const used = this.#spans.reduce((sum, span) => sum + span.columns * span.width * columnDots, 0)
    const overflows = used + character.columns * this.#width * columnDots > this.#widthDots
    const lines = overflows ? [this.#endLine()] : []
    const last = this.#spans.at(-1)
    if (last?.width === this.#width && last.height === this.#height && last.bold === this.#bold) {
      last.text += character.text
      last.columns += character.columns
    } else {
      this.#spans.push({ ...character, width: this.#width, height: this.#height, bold: this.#bold })
    }
    return lines
  }

  /** Printers print nothing of a symbol that is wider than the paper. */
  #printCode128(data: string): PrintedLine[] {
    const { dots: barDots, moduleDots, textBelow } = this.#bar
    if (code128Modules(data).length * moduleDots > this.#widthDots) return []
    const heightDots = barDots + (textBelow ? lineDots : 0)
    return [{ kind: 'code128', align: this.#align, data, moduleDots, barDots, heightDots }]
  }

  #printRaster({ rowBytes, bytes }: { rowBytes: number; bytes: Uint8Array }): PrintedLine[] {
    return [{ kind: 'raster', align: this.#align, rowBytes, bytes, heightDots: bytes.length / Math.max(1, rowBytes) }]
  }

  #endLine(): PrintedLine {
    const spans = this.#spans
    this.#spans = []
    const heightDots = Math.max(lineDots, ...spans.map((span) => span.height * characterDots))
    return { kind: 'text', align: this.#align, spans, heightDots }
  }

  /** A printer draws its QR codes in no time; here only the picture is drawn, and the size is known by the length. */
  #qrModuleCount(byteCount: number): number {
    const count = this.#qrCounts.get(byteCount) ?? qrModules('0'.repeat(byteCount)).length
    this.#qrCounts.set(byteCount, count)
    return count
  }

  #printQr(): PrintedLine[] {
    if (this.#qrData === '') return []
    const heightDots = this.#qrModuleCount(Buffer.byteLength(this.#qrData)) * this.#qrDots
    const line = { kind: 'qr', align: this.#align, data: this.#qrData, moduleDots: this.#qrDots, heightDots } as const
    this.#qrData = ''
    return [line]
  }
}

/** The dark modules of a QR code of this text at error correction M, row by row. */
export function qrModules(data: string): boolean[][] {
  const code = qrcode(0, 'M')
  code.addData(Buffer.from(data, 'utf8').toString('latin1'), 'Byte')
  code.make()
  const count = code.getModuleCount()
  return Array.from({ length: count }, (_row, row) =>
    Array.from({ length: count }, (_column, column) => code.isDark(row, column)),
  )
}

/** The slips that these bytes print on endless paper: one list of lines per cut, the uncut rest last if there is any. */
export function decodeSlips(bytes: Uint8Array, widthDots: number): PrintedLine[][] {
  const composer = new PageComposer(widthDots)
  const slips: PrintedLine[][] = []
  let lines: PrintedLine[] = []
  let rest = bytes
  for (;;) {
    const read = readOrder(rest, composer.chinese)
    if (read === undefined) break
    rest = rest.subarray(read.length)
    lines.push(...composer.apply(read.order))
    if (read.order.kind !== 'cut') continue
    slips.push(lines)
    lines = []
  }
  return lines.length > 0 ? [...slips, lines] : slips
}

/**
 * The text of a slip, one line of text per printed line: a QR code or bar code as its data in angle brackets, a picture of one
 * or more bands as its size in square ones.
 */
export function textOfSlip(lines: readonly PrintedLine[]): string {
  const texts: string[] = []
  let picture: { rowBytes: number; heightDots: number } | undefined
  for (const line of lines) {
    if (line.kind === 'raster' && picture?.rowBytes === line.rowBytes) {
      picture.heightDots += line.heightDots
      texts.pop()
    } else picture = line.kind === 'raster' ? { ...line } : undefined
    const isGap = line.kind === 'text' && line.spans.length === 0 && line.heightDots < characterDots
    if (!isGap) texts.push(picture === undefined ? textOfLine(line) : `[${picture.rowBytes * 8}x${picture.heightDots}]`)
  }
  return texts.join('\n').trimEnd()
}

function textOfLine(line: PrintedLine): string {
  switch (line.kind) {
    case 'text':
      return line.spans.map((span) => span.text).join('')
    case 'raster':
      return `[${line.rowBytes * 8}x${line.heightDots}]`
    case 'qr':
    case 'code128':
      return `<${line.data}>`
    default:
      throw new TypeError(`unknown line ${JSON.stringify(line satisfies never)}`)
  }
}
