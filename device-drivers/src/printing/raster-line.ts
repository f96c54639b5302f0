import type { TextScale } from '@yizhan/contracts/printing'
import { type GlyphSource, glyphBytes, glyphRows } from './raster-font.ts'
import { columnsOf } from './text-width.ts'

/** The dots across one column, half a Chinese character. */
const columnDots = 12

/** A band of picture is never longer than the bytes that flush a half-sent command. */
const maxBandBytes = 512

/**
 * One line of text as picture (GS v 0), for a printer that has no glyph for some of it: the bytes, and the dots of paper
 * that they take. A character that the source has not either prints as a hollow box, so that everybody sees that one is missing.
 */
export function rasterLine(
  text: string,
  style: { scale: TextScale; bold: boolean },
  glyphs: GlyphSource,
): { bytes: Uint8Array; heightDots: number } {
  const line = drawLine(text, style.bold, glyphs)
  const { rows, rowBytes } = magnify(line, style.scale)
  const bands: Uint8Array[] = []
  const bandRows = Math.floor(maxBandBytes / rowBytes)
  for (let row = 0; row < rows.length; row += bandRows) {
    const band = rows.slice(row, row + bandRows)
    bands.push(Uint8Array.of(0x1d, 0x76, 0x30, 0x00, rowBytes, 0x00, band.length, 0x00), breakRealTime(band))
  }
  return { bytes: Buffer.concat(bands), heightDots: rows.length }
}

interface Bitmap {
  rows: Uint8Array[]
  rowBytes: number
}

/** The line at its natural size; bold is every stroke one dot wider, as printers do it. */
function drawLine(text: string, bold: boolean, glyphs: GlyphSource): Bitmap {
  const widthDots = columnsOf(text) * columnDots
  const rowBytes = Math.ceil(widthDots / 8)
  const rows = Array.from({ length: glyphRows }, () => new Uint8Array(rowBytes))
  let left = 0
  for (const character of text) {
    const cellDots = columnsOf(character) * columnDots
    if (character !== ' ') drawGlyph(rows, left, glyphs.glyphOf(character) ?? hollowBox(cellDots))
    left += cellDots
  }
  return { rows: bold ? rows.map((row) => embolden(row, widthDots)) : rows, rowBytes }
}

/** Three bytes of a glyph's row, moved right by the part of a byte that the cell begins at, lie in up to four of the line's. */
function drawGlyph(rows: Uint8Array[], left: number, glyph: Uint8Array): void {
  const first = left >> 3
  const shift = 8 - (left & 7)
  for (const [y, row] of rows.entries()) {
    const [one = 0, two = 0, three = 0] = glyph.subarray(y * 3, y * 3 + 3)
    const dots = (one * 0x10000 + two * 0x100 + three) * 2 ** shift
    for (let byte = 0; byte < 4; byte += 1) {
      const at = first + byte
      if (at < row.length) row[at] = (row[at] ?? 0) | (Math.floor(dots / 2 ** (8 * (3 - byte))) & 0xff)
    }
  }
}

/** The frame of □ as a glyph, two dots from the cell's edge. */
function hollowBox(cellDots: number): Uint8Array {
  const glyph = new Uint8Array(glyphBytes)
  const [right, bottom] = [cellDots - 3, glyphRows - 4]
  for (let y = 2; y <= bottom; y += 1) {
    const row = glyph.subarray(y * 3, y * 3 + 3)
    for (let x = 2; x <= right; x += 1) {
      if (y === 2 || y === bottom || x === 2 || x === right) setDot(row, x)
    }
  }
  return glyph
}

function embolden(row: Uint8Array, widthDots: number): Uint8Array {
  const wide = row.slice()
  for (let x = 1; x < widthDots; x += 1) if (dotAt(row, x - 1)) setDot(wide, x)
  return wide
}

/** Every dot as a square of dots, which is also how printers magnify their own characters. */
function magnify({ rows, rowBytes }: Bitmap, scale: number): Bitmap {
  if (scale === 1) return { rows, rowBytes }
  const wideBytes = rowBytes * scale
  const wideRows = rows.flatMap((row) => {
    const wide = new Uint8Array(wideBytes)
    for (let x = 0; x < wideBytes * 8; x += 1) if (dotAt(row, Math.floor(x / scale))) setDot(wide, x)
    return Array.from({ length: scale }, () => wide)
  })
  return { rows: wideRows, rowBytes: wideBytes }
}

/**
 * The band's bytes without a pair that printers obey on arrival, even inside a picture (DLE EOT, DLE ENQ, DLE DC4): one dot
 * more takes the meaning away.
 */
function breakRealTime(band: readonly Uint8Array[]): Uint8Array {
  const bytes = Buffer.concat(band)
  for (let at = 1; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0
    if (bytes[at - 1] === 0x10 && (byte === 0x04 || byte === 0x05 || byte === 0x14)) bytes[at] = byte | 0x08
  }
  return bytes
}

function dotAt(bits: Uint8Array, x: number): boolean {
  return ((bits[x >> 3] ?? 0) & (0x80 >> (x & 7))) !== 0
}

function setDot(row: Uint8Array, x: number): void {
  row[x >> 3] = (row[x >> 3] ?? 0) | (0x80 >> (x & 7))
}
