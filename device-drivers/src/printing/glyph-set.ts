import iconv from 'iconv-lite'

/**
 * The characters that a printer's Chinese font has. `gb2312`: 6,763 Han; `gbk`: 20,902; `gb18030`: the font of GB 18030-2000
 * that such printers carry, 27,484 Han with Extension A and nothing of plane 2.
 */
export const glyphSets = ['gb2312', 'gbk', 'gb18030'] as const
export type GlyphSet = (typeof glyphSets)[number]

/** Whether the printer has a glyph for every character of the text, which was sanitised before. */
export function printsAsText(text: string, set: GlyphSet): boolean {
  const most = rankOf[set]
  for (const character of text) {
    const codePoint = character.codePointAt(0) ?? 0
    if (codePoint < 0x7f) continue
    const rank = ranks[codePoint] ?? 0
    if (rank === 0 || rank > most) return false
  }
  return true
}

const rankOf: Readonly<Record<GlyphSet, number>> = { gb2312: 1, gbk: 2, gb18030: 3 }

/** The cells of GB 2312-80 that are filled, by row (区): first and last cell (位) of each run. Rows 16 to 87 are Han. */
const gb2312Rows: Readonly<Record<number, readonly (readonly [number, number])[]>> = {
  1: [[1, 94]],
  2: [
    [17, 66],
    [69, 78],
    [81, 92],
  ],
  3: [[1, 94]],
  4: [[1, 83]],
  5: [[1, 86]],
  6: [
    [1, 24],
    [33, 56],
  ],
  7: [
    [1, 33],
    [49, 81],
  ],
  8: [
    [1, 26],
    [37, 73],
  ],
  9: [[4, 79]],
  55: [[1, 89]],
}

function isInGb2312(lead: number, trail: number): boolean {
  const row = lead - 0xa0
  const cell = trail - 0xa0
  const runs = gb2312Rows[row] ?? (row >= 16 && row <= 87 ? ([[1, 94]] as const) : [])
  return runs.some(([first, last]) => cell >= first && cell <= last)
}

/** The smallest set that has the character, 0 for none, by code point of plane 0; plane 2 is in none. */
const ranks = readRanks()

function readRanks(): Uint8Array {
  const table = new Uint8Array(0x10000)
  // Extension A as Unicode 3.0 had it, which is what GB 18030-2000 took over.
  table.fill(rankOf.gb18030, 0x3400, 0x4db6)
  const codes = everyTwoByteCode()
  const gb18030 = iconv.decode(codes, 'gb18030').split('\n')
  const gbk = iconv.decode(codes, 'cp936').split('\n')
  for (const [at, character] of gb18030.entries()) {
    if (!/^[^\p{Co}\ufffd]$/u.test(character)) continue
    const [lead = 0, trail = 0] = codes.subarray(at * 3)
    const oldest = isInGb2312(lead, trail) ? rankOf.gb2312 : rankOf.gbk
    const codePoint = character.codePointAt(0) ?? 0
    const rank = gbk[at] === character ? oldest : rankOf.gb18030
    // A few characters decode from two codes; the older one is the printer's.
    if (table[codePoint] === 0 || rank < (table[codePoint] ?? 0)) table[codePoint] = rank
  }
  return table
}

/** Every code of two bytes, one a line, so that one that means nothing does not shift what follows. */
function everyTwoByteCode(): Buffer {
  const codes: number[] = []
  for (let lead = 0x81; lead <= 0xfe; lead += 1) {
    for (let trail = 0x40; trail <= 0xfe; trail += 1) {
      if (trail === 0x7f) continue
      codes.push(lead, trail, 0x0a)
    }
  }
  return Buffer.from(codes)
}
