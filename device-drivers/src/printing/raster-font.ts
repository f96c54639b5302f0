import { readFileSync } from 'node:fs'
import { brotliDecompressSync } from 'node:zlib'

/** Where the dots of characters come from when the printer has none for them. */
export interface GlyphSource {
  /** 24 rows of 24 dots, three bytes a row, an ASCII character in the left half; undefined when there is none. */
  glyphOf(character: string): Uint8Array | undefined
}

/** A glyph's bytes: 24 rows of 3. */
export const glyphBytes = 72
export const glyphRows = 24

/**
 * The raster font of the package: 33,617 characters of Noto Sans CJK SC (OFL-1.1) as 24-dot bitmaps, all of CJK Extension A and
 * what the face has of plane 2. It is read (about 20 ms) when the first line needs it: most printers never do.
 */
export function makeRasterFont(): GlyphSource {
  let font: GlyphSource | undefined
  return {
    glyphOf: (character) => {
      font ??= readFont(brotliDecompressSync(readFileSync(new URL('./raster-font-24.bin', import.meta.url))))
      return font.glyphOf(character)
    },
  }
}

/** The file is the count, the code points in ascending order as 32-bit little-endian numbers, and the glyphs in that order. */
function readFont(bytes: Uint8Array): GlyphSource {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const count = view.getUint32(0, true)
  const glyphsAt = 4 + count * 4
  const codePointAt = (index: number) => view.getUint32(4 + index * 4, true)
  return {
    glyphOf(character) {
      const wanted = character.codePointAt(0) ?? 0
      let low = 0
      let high = count
      while (low < high) {
        const middle = (low + high) >> 1
        if (codePointAt(middle) < wanted) low = middle + 1
        else high = middle
      }
      if (low >= count || codePointAt(low) !== wanted) return undefined
      return bytes.subarray(glyphsAt + low * glyphBytes, glyphsAt + (low + 1) * glyphBytes)
    },
  }
}
