import { eastAsianWidth } from 'get-east-asian-width'
import { code128Modules } from './code128-modules.ts'
import { type BarCodeLine, type PrintedLine, type PrintedSpan, qrModules } from './escpos-decode.ts'

/** 80 mm paper at 203 dpi; the head prints the middle 576 dots. */
const paperDots = 640
const headDots = 576
const marginDots = (paperDots - headDots) / 2

/** The paper between print head and knife: blank at the top of every slip, since the cut comes after a feed. */
const topDots = 72
const bottomDots = 28

const columnDots = 12
const characterDots = 24
/** How far below the top of its cell a character's baseline stands, in parts of the character's height. */
const baseline = 0.86

const paperColour = '#fdfcf8'
const inkColour = '#1c1b1a'
const font = '"Noto Sans Mono CJK SC","Noto Sans CJK SC",monospace'

/** The slip as it would look on white thermal paper: an SVG of 640 units across, one unit a dot, text as text. */
export function drawTicket(lines: readonly PrintedLine[]): string {
  const shown = lines.slice(0, lines.findLastIndex((line) => line.kind !== 'text' || line.spans.length > 0) + 1)
  const parts: string[] = []
  let y = topDots
  for (const line of shown) {
    parts.push(drawLine(line, y))
    y += line.heightDots
  }
  const height = y + bottomDots
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${paperDots} ${height}" width="${paperDots}" height="${height}">`,
    `<rect width="${paperDots}" height="${height}" fill="${paperColour}"/>`,
    `<g fill="${inkColour}" font-family='${font}'>`,
    ...parts.filter((part) => part !== ''),
    '</g>',
    '</svg>',
  ].join('\n')
}

function drawLine(line: PrintedLine, y: number): string {
  switch (line.kind) {
    case 'text':
      return drawText(line, y)
    case 'qr':
      return drawModules(qrModules(line.data), line, line.moduleDots, y)
    case 'raster':
      return drawModules(dotsOf(line), line, 1, y)
    case 'code128':
      return drawBars(line, y)
    default:
      throw new TypeError(`unknown line ${JSON.stringify(line satisfies never)}`)
  }
}

function drawText(line: PrintedLine & { kind: 'text' }, y: number): string {
  const widthDots = line.spans.reduce((sum, span) => sum + spanDots(span), 0)
  let x = startOf(line.align, widthDots)
  const parts: string[] = []
  for (const span of line.spans) {
    if (isRule(span)) parts.push(drawRule(span, x, y + line.heightDots))
    else if (span.text.trim() !== '') parts.push(drawSpan(span, x, y + line.heightDots))
    x += spanDots(span)
  }
  return parts.join('\n')
}

/** Characters stand in cells of fixed width, so that the picture's columns are the printer's whatever font is there. */
function drawSpan(span: PrintedSpan, x: number, bottom: number): string {
  const size = span.height * characterDots
  const style = `y="${round(bottom - size + size * baseline)}" font-size="${size}" font-weight="${span.bold ? 700 : 400}"`
  let left = x
  const parts: string[] = []
  for (const run of cellRuns(span.text)) {
    const length = run.columns * columnDots * span.width
    const text = escapeXml(run.text)
    if (run.narrow) parts.push(`<text x="${left + length / 2}" ${style} text-anchor="middle">${text}</text>`)
    else if (run.text.trim() !== '') parts.push(`<text x="${left}" ${style} textLength="${length}">${text}</text>`)
    left += length
  }
  return parts.join('\n')
}

/** A run of characters that a font of half- and full-width cells draws as the printer does; `narrow` is one that it does not. */
interface CellRun {
  text: string
  columns: number
  narrow: boolean
}

/** Spaces stand alone, since a run must not begin or end with one; so do the narrow characters of a full cell, like –. */
function cellRuns(text: string): CellRun[] {
  const runs: CellRun[] = []
  for (const character of text) {
    const columns = character <= '\u007f' ? 1 : 2
    const narrow = eastAsianWidth(character.codePointAt(0) ?? 0) < columns
    const last = runs.at(-1)
    if (last === undefined || narrow || last.narrow || (character === ' ') !== last.text.endsWith(' ')) {
      runs.push({ text: character, columns, narrow })
    } else {
      last.text += character
      last.columns += columns
    }
  }
  return runs
}

/** Fonts leave gaps between the strokes of a rule; the printer's own font does not. */
function drawRule(span: PrintedSpan, x: number, bottom: number): string {
  const y = bottom - (span.height * characterDots) / 2
  return `<rect x="${x}" y="${y - 1}" width="${spanDots(span)}" height="2"/>`
}

/** Dark squares of `dots` on a side, row by row. */
function drawModules(rows: readonly boolean[][], line: PrintedLine, dots: number, y: number): string {
  const left = startOf(line.align, (rows[0]?.length ?? 0) * dots)
  const squares = rows.flatMap((row, rowIndex) =>
    row.flatMap((dark, columnIndex) =>
      dark ? [`M${left + columnIndex * dots} ${y + rowIndex * dots}h${dots}v${dots}h-${dots}z`] : [],
    ),
  )
  return `<path d="${squares.join('')}" shape-rendering="crispEdges"/>`
}

function dotsOf({ rowBytes, bytes }: PrintedLine & { kind: 'raster' }): boolean[][] {
  return Array.from({ length: bytes.length / rowBytes }, (_row, row) =>
    Array.from(
      { length: rowBytes * 8 },
      (_dot, x) => ((bytes[row * rowBytes + (x >> 3)] ?? 0) & (0x80 >> (x & 7))) !== 0,
    ),
  )
}

function drawBars(line: BarCodeLine, y: number): string {
  const modules = code128Modules(line.data)
  const widthDots = modules.length * line.moduleDots
  const left = startOf(line.align, widthDots)
  const bars = modules.flatMap((dark, index) =>
    dark ? [`M${left + index * line.moduleDots} ${y}h${line.moduleDots}v${line.barDots}h-${line.moduleDots}z`] : [],
  )
  const style = `y="${y + line.heightDots - 6}" font-size="${characterDots}" text-anchor="middle"`
  const text =
    line.heightDots > line.barDots ? `<text x="${left + widthDots / 2}" ${style}>${escapeXml(line.data)}</text>` : ''
  return `<path d="${bars.join('')}" shape-rendering="crispEdges"/>${text}`
}

function startOf(align: PrintedLine['align'], widthDots: number): number {
  const spare = headDots - widthDots
  if (align === 'center') return marginDots + spare / 2
  return align === 'end' ? marginDots + spare : marginDots
}

function spanDots(span: PrintedSpan): number {
  return span.columns * span.width * columnDots
}

function isRule(span: PrintedSpan): boolean {
  return /^─+$/.test(span.text)
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}

function escapeXml(text: string): string {
  return text.replace(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
