import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readOrder } from '../sim/escpos-commands.ts'
import { makeRasterFont } from './raster-font.ts'
import { rasterLine } from './raster-line.ts'

/** Every glyph is the same random dots: what a font never draws, a printer must not obey either. */
const anyGlyph = fc.uint8Array({ minLength: 72, maxLength: 72 })
const hostileGlyph = fc
  .array(fc.constantFrom(0x10, 0x04, 0x05, 0x14), { minLength: 72, maxLength: 72 })
  .map((bytes) => Uint8Array.from(bytes))

test('no picture holds bytes that a printer obeys on arrival, whatever is drawn', () => {
  fc.assert(
    fc.property(
      fc.oneof(anyGlyph, hostileGlyph),
      fc.integer({ min: 1, max: 24 }),
      fc.constantFrom(1 as const, 2 as const, 3 as const),
      fc.boolean(),
      (glyph, characters, scale, bold) => {
        const text = '字'.repeat(Math.floor(characters / scale) + 1)
        const { bytes } = rasterLine(text, { scale, bold }, { glyphOf: () => glyph })
        const obeyed = bytes.filter((byte, at) => bytes[at - 1] === 0x10 && [0x04, 0x05, 0x14].includes(byte))
        expect(obeyed).toHaveLength(0)
      },
    ),
    { numRuns: 500 },
  )
})

test('breaking such a pair costs one dot, and nothing is redrawn without one', () => {
  const glyph = new Uint8Array(72)
  glyph.set([0x10, 0x04], 0)
  const { bytes } = rasterLine('字', { scale: 1, bold: false }, { glyphOf: () => glyph })
  expect([...bytes.subarray(8, 11)]).toEqual([0x10, 0x0c, 0x00])
  expect(bytes.subarray(11).every((byte) => byte === 0)).toBe(true)
})

test('a picture is bands of which each is short enough to be flushed, and as high as it says', () => {
  const font = makeRasterFont()
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 24 }), fc.integer({ min: 1, max: 8 }), (characters, scale) => {
      const text = '龘'.repeat(Math.max(1, Math.floor(characters / scale)))
      const { bytes, heightDots } = rasterLine(text, { scale: scale as 1, bold: false }, font)
      let rest = bytes
      let rows = 0
      while (rest.length > 0) {
        const read = readOrder(rest, true)
        if (read?.order.kind !== 'raster') throw new Error('not only pictures')
        expect(read.length).toBeLessThanOrEqual(528)
        rows += read.order.bytes.length / read.order.rowBytes
        rest = rest.subarray(read.length)
      }
      expect(rows).toBe(heightDots)
      expect(heightDots).toBe(24 * scale)
    }),
  )
})

test('the font of the package has the rare characters of names, each drawn differently', () => {
  const font = makeRasterFont()
  const glyphs = ['㼆', '𠮷', '𬭎', '䶮', '鿏', '龘', 'Ç', 'A'].map((character) => font.glyphOf(character))
  for (const glyph of glyphs) expect(glyph?.some((byte) => byte !== 0)).toBe(true)
  expect(new Set(glyphs.map(String)).size).toBe(glyphs.length)
  expect(font.glyphOf('\u{2a6d0}')).toBeUndefined()
})
