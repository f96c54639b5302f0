import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants } from 'node:zlib'
import { chromium, type Page } from 'playwright'

// Draws the printers' raster font from Debian's fonts-noto-cjk: `node test/src/raster-font/draw-raster-font-main.ts`.
// Needs that package, fontconfig and Chromium; decision record 0017 says why the result is kept in the repository.
const fontFile = '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc'
/** The face of the collection that draws Han as China does. */
const faceIndex = 2
const family = 'Noto Sans CJK SC'
const outFile = fileURLToPath(new URL('../../../device-drivers/src/printing/raster-font-24.bin', import.meta.url))

const rowBytes = 3
const rows = 24
const glyphsPerCall = 2000

/** Hangul syllables and private use would be a third of the file; neither is in the name of anyone on a Chinese ID card. */
function isWanted(codePoint: number): boolean {
  const isHangul = codePoint >= 0xac00 && codePoint <= 0xd7af
  const isPrivate = codePoint >= 0xe000 && codePoint <= 0xf8ff
  return codePoint > 0x20 && !isHangul && !isPrivate && /[\p{L}\p{N}\p{P}\p{S}]/u.test(String.fromCodePoint(codePoint))
}

/** What the face has glyphs for, by fontconfig: ranges of hexadecimal code points. */
function coveredCodePoints(): number[] {
  const text = execFileSync('fc-query', ['--index', String(faceIndex), '--format', '%{charset}', fontFile], {
    encoding: 'utf8',
  })
  const ranges = text.split(' ').map((range) => range.split('-').map((hex) => Number.parseInt(hex, 16)))
  return ranges.flatMap(([first = 0, last = first]) =>
    Array.from({ length: last - first + 1 }, (_each, offset) => first + offset).filter(isWanted),
  )
}

/** What the page's canvas is used for; this package compiles without the browser's types. */
interface DotCanvas {
  fillStyle: string
  font: string
  textAlign: string
  fillRect(x: number, y: number, width: number, height: number): void
  fillText(text: string, x: number, y: number): void
  measureText(text: string): { width: number }
  setTransform(a: number, b: number, c: number, d: number, e: number, f: number): void
  resetTransform(): void
  getImageData(x: number, y: number, width: number, height: number): { data: Uint8ClampedArray }
}
declare const OffscreenCanvas: new (
  width: number,
  height: number,
) => { getContext(kind: '2d', options: { willReadFrequently: boolean }): DotCanvas | null }

/** Runs in the page: every character in a cell of 24 × 24 dots, ASCII in its left half; the red of each dot, in base64. */
function drawInPage({ codePoints, font }: { codePoints: readonly number[]; font: string }): string {
  const context = new OffscreenCanvas(24, 24).getContext('2d', { willReadFrequently: true })
  if (context === null) throw new Error('no canvas')
  let dots = ''
  for (const codePoint of codePoints) {
    const isAscii = codePoint < 0x80
    const cell = isAscii ? 12 : 24
    context.fillStyle = '#fff'
    context.fillRect(0, 0, 24, 24)
    context.fillStyle = '#000'
    context.font = `${isAscii ? 20 : 24}px "${font}"`
    context.textAlign = 'center'
    const text = String.fromCodePoint(codePoint)
    const narrowing = Math.min(1, cell / Math.max(1, context.measureText(text).width))
    context.setTransform(narrowing, 0, 0, 1, cell / 2, isAscii ? 20 : 21)
    context.fillText(text, 0, 0)
    context.resetTransform()
    const { data } = context.getImageData(0, 0, 24, 24)
    for (let dot = 0; dot < 576; dot += 1) dots += String.fromCharCode(data[dot * 4] ?? 255)
  }
  return btoa(dots)
}

/** Darker than half makes thin strokes break at this size; three fifths of white keep them whole. */
const inkBelow = 150

/** Eight dots a byte, the leftmost highest, as ESC/POS has them. */
function packDots(dots: Uint8Array): Uint8Array {
  const packed = new Uint8Array(dots.length / 8)
  for (const [dot, red] of dots.entries()) {
    if (red < inkBelow) packed[dot >> 3] = (packed[dot >> 3] ?? 0) | (0x80 >> (dot & 7))
  }
  return packed
}

async function drawGlyphs(page: Page, codePoints: readonly number[]): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for (let start = 0; start < codePoints.length; start += glyphsPerCall) {
    const some = codePoints.slice(start, start + glyphsPerCall)
    const dots = await page.evaluate(drawInPage, { codePoints: some, font: family })
    parts.push(packDots(Buffer.from(dots, 'base64')))
  }
  return Buffer.concat(parts)
}

/** The count, the code points in order, the glyphs in the same order; all of it compressed. */
function packFont(codePoints: readonly number[], glyphs: Buffer): Buffer {
  const head = Buffer.from(Uint32Array.from([codePoints.length, ...codePoints]).buffer)
  return brotliCompressSync(Buffer.concat([head, glyphs]), {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 },
  })
}

const codePoints = coveredCodePoints()
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
})
const glyphs = await drawGlyphs(await browser.newPage(), codePoints)
await browser.close()
if (glyphs.length !== codePoints.length * rowBytes * rows) throw new Error(`${glyphs.length} bytes of glyphs`)
const packed = packFont(codePoints, glyphs)
writeFileSync(outFile, packed)
const sha256 = createHash('sha256').update(readFileSync(fontFile)).digest('hex')
process.stdout.write(`${JSON.stringify({ glyphs: codePoints.length, bytes: packed.length, fontSha256: sha256 })}\n`)
