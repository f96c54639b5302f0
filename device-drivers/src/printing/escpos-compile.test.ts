import type { TicketBlock, TicketDoc } from '@yizhan/contracts/printing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readOrder } from '../sim/escpos-commands.ts'
import { decodeSlips, type PrintedLine, textOfSlip } from '../sim/escpos-decode.ts'
import { compileTicket } from './escpos-compile.ts'
import { type PrinterProfile, printerProfiles } from './printer-profile.ts'
import { makeRasterFont } from './raster-font.ts'

const profile = printerProfiles['epson-80']
const narrowProfile = printerProfiles['epson-58']
const gb2312 = printerProfiles['generic-58-gb2312']
const font = makeRasterFont()

/** Any text at all: every code point, lone surrogates, controls, and the sequences that printers obey. */
const hostileText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)), maxLength: 60 }),
  fc.constantFrom('\x1dV\x00', '\x10\x04\x01', '\x10\x05\x02', '\x1b@', '\u202e张三', '\ud800', 'a\r\nb', '\x9b31m'),
)

const anyBlock: fc.Arbitrary<TicketBlock> = fc.oneof(
  fc.record({
    kind: fc.constant('text' as const),
    text: hostileText,
    align: fc.constantFrom('start' as const, 'center' as const, 'end' as const),
    scale: fc.constantFrom(1 as const, 2 as const, 5 as const, 8 as const),
    bold: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('row' as const), label: hostileText, value: hostileText }),
  fc.constant({ kind: 'rule' as const }),
  fc.record({ kind: fc.constant('feed' as const), lines: fc.integer({ min: 0, max: 3 }) }),
  fc.record({
    kind: fc.constant('qr' as const),
    data: fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 100 }),
    moduleDots: fc.integer({ min: 1, max: 8 }),
  }),
  fc.record({
    kind: fc.constant('code128' as const),
    data: fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 14 }),
    heightDots: fc.integer({ min: 1, max: 255 }),
  }),
)

const anyProfile = fc.constantFrom(profile, narrowProfile, gb2312, printerProfiles['custom-kiosk-80'])

const ourOrders = new Set([
  'character',
  'line-feed',
  'feed-lines',
  'initialize',
  'align',
  'size',
  'bold',
  'chinese-mode',
  'cut',
  'qr-module',
  'qr-store',
  'qr-print',
  'bar-height',
  'bar-module',
  'bar-text',
  'code128-print',
  'raster',
  'feed-dots',
])

function ordersOf(bytes: Uint8Array): string[] {
  const kinds: string[] = []
  let chinese = false
  let rest = bytes
  while (rest.length > 0) {
    const read = readOrder(rest, chinese)
    if (read === undefined) throw new Error(`bytes left over: ${Buffer.from(rest).toString('hex')}`)
    if (read.order.kind === 'chinese-mode') chinese = read.order.on
    if (read.order.kind === 'initialize') chinese = false
    kinds.push(read.order.kind)
    rest = rest.subarray(read.length)
  }
  return kinds
}

test('no text can make the printer do anything but print it, and cut once at the end', () => {
  fc.assert(
    fc.property(fc.array(anyBlock, { maxLength: 8 }), fc.constantFrom(profile, gb2312), (blocks, chosen) => {
      const { bytes } = compileTicket({ blocks }, chosen, font)
      const kinds = ordersOf(bytes)
      // Settings that the simulator does not model (QR model and error correction, the font of a bar code) are all it ignores.
      const unknown = kinds.filter((kind) => !ourOrders.has(kind)).length
      const countOf = (wanted: string) => kinds.filter((kind) => kind === wanted).length
      expect(unknown).toBe(2 * countOf('qr-print') + countOf('code128-print'))
      expect(kinds.filter((kind) => kind === 'cut')).toHaveLength(1)
      expect(kinds.slice(-2)).toEqual(['cut', 'initialize'])
    }),
    { numRuns: 500 },
  )
})

/** How often DLE is followed by EOT, ENQ or DC4. */
function realTimePairs(bytes: Uint8Array): number {
  return bytes.filter((byte, at) => bytes[at - 1] === 0x10 && (byte === 0x04 || byte === 0x05 || byte === 0x14)).length
}

test('no slip contains bytes that a printer obeys at once, whatever stands before them', () => {
  fc.assert(
    fc.property(fc.array(anyBlock, { maxLength: 8 }), anyProfile, (blocks, chosen) => {
      expect(realTimePairs(compileTicket({ blocks }, chosen, font).bytes)).toBe(0)
    }),
    { numRuns: 500 },
  )
})

test('no line is wider than the paper, on 80 mm and on 58 mm', () => {
  fc.assert(
    fc.property(
      fc.array(anyBlock, { maxLength: 6 }),
      fc.constantFrom(profile, narrowProfile, gb2312),
      (blocks, chosen) => {
        const { bytes } = compileTicket({ blocks }, chosen, font)
        const endless = decodeSlips(bytes, Number.POSITIVE_INFINITY)
        expect(decodeSlips(bytes, chosen.widthDots)).toEqual(endless)
        for (const line of endless.flat()) {
          if (line.kind === 'raster') expect(line.rowBytes * 8).toBeLessThanOrEqual(chosen.widthDots)
        }
      },
    ),
  )
})

test('the height that deadlines are made from is never less than what is printed', () => {
  fc.assert(
    fc.property(fc.array(anyBlock, { maxLength: 8 }), fc.constantFrom(profile, gb2312), (blocks, chosen) => {
      const { bytes, heightMm } = compileTicket({ blocks }, chosen, font)
      const dots = decodeSlips(bytes, 576)
        .flat()
        .reduce((sum, line) => sum + line.heightDots, 0)
      expect(heightMm * 8).toBeGreaterThanOrEqual(dots)
    }),
  )
})

function printed(doc: TicketDoc, chosen: PrinterProfile): PrintedLine[] {
  return decodeSlips(compileTicket(doc, chosen, font).bytes, chosen.widthDots)[0] ?? []
}

function textsOf(names: readonly string[], chosen: PrinterProfile): string[] {
  return textOfSlip(printed({ blocks: names.map((text) => ({ kind: 'text', text })) }, chosen)).split('\n')
}

test('names that the printer has glyphs for come out as text, as they went in', () => {
  const names = ['张䶮', '㼆罕见', '欧阳娜娜', "D'Arcy", 'Дмитрий']
  expect(textsOf(names, profile)).toEqual(names)
})

test('only the line with a character that the printer lacks goes as picture', () => {
  expect(textsOf(['王小明', '𠮷田', '王𬭎', '鿏', 'Çelik', '李明远'], profile)).toEqual([
    '王小明',
    '[48x24]',
    '[48x24]',
    '[24x24]',
    '[72x24]',
    '李明远',
  ])
  const gbk = printerProfiles['generic-80-gbk']
  expect(textsOf(['朱镕基', '张䶮'], gbk)).toEqual(['朱镕基', '[48x24]'])
  expect(textsOf(['朱镕基', '王小明'], gb2312)).toEqual(['[72x24]', '王小明'])
})

test('the picture of a line shows the glyphs, each in its columns', () => {
  const slip = printed({ blocks: [{ kind: 'text', text: '㼆A' }] }, gb2312)
  const [line] = slip.filter((each) => each.kind === 'raster')
  if (line === undefined) throw new Error('no picture')
  const rows = Array.from({ length: 24 }, (_row, row) => line.bytes.subarray(row * 5, row * 5 + 5))
  const [wide, narrow] = [font.glyphOf('㼆'), font.glyphOf('A')]
  expect(Buffer.concat(rows.map((row) => row.subarray(0, 3))).equals(wide ?? new Uint8Array())).toBe(true)
  expect(Buffer.concat(rows.map((row) => row.subarray(3, 5))).equals(firstTwoOfThree(narrow))).toBe(true)
})

function firstTwoOfThree(glyph: Uint8Array | undefined): Uint8Array {
  return Uint8Array.from(glyph ?? []).filter((_byte, at) => at % 3 < 2)
}

test('a character that nobody has a glyph for prints as a hollow box, not as nothing and not as another', () => {
  const unknown = '\u{2a6d0}'
  expect(font.glyphOf(unknown)).toBeUndefined()
  const [line] = printed({ blocks: [{ kind: 'text', text: unknown }] }, profile)
  if (line?.kind !== 'raster') throw new Error('no picture')
  const dots = Array.from(line.bytes, (byte) => byte.toString(2).padStart(8, '0')).join('')
  const rows = Array.from({ length: 24 }, (_row, row) => dots.slice(row * 24, row * 24 + 24))
  expect(rows[2]).toBe(`00${'1'.repeat(20)}00`)
  expect(rows[10]).toBe(`001${'0'.repeat(18)}100`)
})

test('a magnified or bold line stays magnified and bold as picture', () => {
  const heightOf = (scale: 1 | 2 | 5) =>
    textOfSlip(printed({ blocks: [{ kind: 'text', text: '𠮷', scale }] }, profile)).trim()
  expect([heightOf(1), heightOf(2), heightOf(5)]).toEqual(['[24x24]', '[48x48]', '[120x120]'])
  const inkOf = (bold: boolean) => {
    const lines = printed({ blocks: [{ kind: 'text', text: '𠮷', bold }] }, profile)
    const bytes = lines.flatMap((line) => (line.kind === 'raster' ? [...line.bytes] : []))
    return bytes.reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0)
  }
  expect(inkOf(true)).toBeGreaterThan(inkOf(false))
})

test('a bar code says what it was given, braces included, with its text below', () => {
  const data = 'A{B}{{ 7~'
  const [line] = printed({ blocks: [{ kind: 'code128', data, heightDots: 80 }] }, profile)
  expect(line).toMatchObject({ kind: 'code128', data, barDots: 80, moduleDots: 3, align: 'center' })
  expect(line?.heightDots).toBeGreaterThan(80)
})

test('a bar code that the paper is too narrow for is a fault, since printers print nothing of it', () => {
  const bar = (data: string): TicketDoc => ({ blocks: [{ kind: 'code128', data, heightDots: 80 }] })
  expect(printed(bar('261122010100017'), profile)).toContainEqual(expect.objectContaining({ moduleDots: 2 }))
  expect(() => printed(bar('261122010100017'), narrowProfile)).toThrow(RangeError)
  expect(() => printed(bar('x'.repeat(41)), profile)).toThrow(RangeError)
  expect(() => printed(bar(''), profile)).toThrow(RangeError)
  expect(() => printed(bar('号'), profile)).toThrow(RangeError)
  expect(() => printed(bar('a\x1d'), profile)).toThrow(RangeError)
})

test('a slip for a presenter is handed out after the cut', () => {
  const { bytes } = compileTicket(
    { blocks: [{ kind: 'text', text: '请取走' }] },
    printerProfiles['custom-kiosk-80'],
    font,
  )
  expect(ordersOf(bytes).slice(-3)).toEqual(['cut', 'initialize', 'presenter'])
})

test('rows stand in two columns, and long values hang under themselves', () => {
  const doc: TicketDoc = {
    blocks: [
      { kind: 'row', label: '医生', value: '李明远' },
      { kind: 'row', label: '预约时间', value: '09:30' },
      { kind: 'row', label: '地点', value: '门诊楼三层东区心血管内科候诊区二号窗口' },
    ],
  }
  const [slip = []] = decodeSlips(compileTicket(doc, narrowProfile, font).bytes, 384)
  expect(textOfSlip(slip).split('\n')).toEqual([
    '医生      李明远',
    '预约时间  09:30',
    '地点      门诊楼三层东区心血管内',
    '          科候诊区二号窗口',
  ])
})

test('size, weight and place are those of the block, and do not leak into the next', () => {
  const doc: TicketDoc = {
    blocks: [
      { kind: 'text', text: 'A037', align: 'center', scale: 6, bold: true },
      { kind: 'text', text: '一号窗口' },
    ],
  }
  const [slip = []] = decodeSlips(compileTicket(doc, profile, font).bytes, 576)
  const [number, place] = slip.filter((line): line is PrintedLine & { kind: 'text' } => line.kind === 'text')
  expect(number).toMatchObject({ align: 'center', spans: [{ width: 6, height: 6, bold: true }] })
  expect(place).toMatchObject({ align: 'start', spans: [{ width: 1, height: 1, bold: false }] })
})

test('a slip that cannot be printed is a fault, told before anything is sent', () => {
  const qr = (data: string, moduleDots: number): TicketDoc => ({ blocks: [{ kind: 'qr', data, moduleDots }] })
  expect(() => compileTicket(qr('', 4), profile, font)).toThrow(RangeError)
  expect(() => compileTicket(qr('x'.repeat(513), 4), profile, font)).toThrow(RangeError)
  expect(() => compileTicket(qr('x', 17), profile, font)).toThrow(RangeError)
  expect(() => compileTicket({ blocks: [{ kind: 'feed', lines: -1 }] }, profile, font)).toThrow(RangeError)
})

test('a whole check-in ticket stays under 700 bytes', () => {
  expect(compileTicket(checkInSlip, profile, font).bytes.length).toBeLessThan(700)
})

const checkInSlip: TicketDoc = {
  blocks: [
    { kind: 'text', text: '示例市第一医院', align: 'center', bold: true },
    { kind: 'text', text: '就诊凭条', align: 'center' },
    { kind: 'text', text: 'A037', align: 'center', bold: true, scale: 6 },
    { kind: 'text', text: '心血管内科门诊', align: 'center', scale: 2, bold: true },
    { kind: 'text', text: '2 号楼 3 层 306 诊室', align: 'center' },
    { kind: 'rule' },
    { kind: 'row', label: '姓名', value: '张*䶮' },
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
