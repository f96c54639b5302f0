import type { TicketBlock, TicketDoc } from '@yizhan/contracts/printing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readOrder } from '../sim/escpos-commands.ts'
import { decodeSlips, type PrintedLine, textOfSlip } from '../sim/escpos-decode.ts'
import { compileTicket } from './escpos-compile.ts'
import { printerProfiles } from './printer-profile.ts'

const profile = printerProfiles['epson-80']
const narrowProfile = printerProfiles['epson-58']

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
)

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
    fc.property(fc.array(anyBlock, { maxLength: 8 }), (blocks) => {
      const { bytes } = compileTicket({ blocks }, profile)
      const kinds = ordersOf(bytes)
      // QR settings that the simulator does not model (model, error correction) are the only orders it ignores.
      const unknown = kinds.filter((kind) => !ourOrders.has(kind)).length
      expect(unknown).toBe(2 * kinds.filter((kind) => kind === 'qr-print').length)
      expect(kinds.filter((kind) => kind === 'cut')).toHaveLength(1)
      expect(kinds.slice(-2)).toEqual(['cut', 'initialize'])
    }),
    { numRuns: 500 },
  )
})

test('no slip contains bytes that a printer obeys at once, whatever stands before them', () => {
  fc.assert(
    fc.property(fc.array(anyBlock, { maxLength: 8 }), (blocks) => {
      const hex = Buffer.from(compileTicket({ blocks }, profile).bytes).toString('hex')
      expect(hex).not.toMatch(/^(?:..)*10(?:04|05|14)/)
    }),
  )
})

test('no line is wider than the paper, on 80 mm and on 58 mm', () => {
  fc.assert(
    fc.property(fc.array(anyBlock, { maxLength: 6 }), fc.constantFrom(profile, narrowProfile), (blocks, chosen) => {
      const { bytes } = compileTicket({ blocks }, chosen)
      const endless = decodeSlips(bytes, Number.POSITIVE_INFINITY)
      expect(decodeSlips(bytes, chosen.widthDots)).toEqual(endless)
    }),
  )
})

test('the height that deadlines are made from is never less than what is printed', () => {
  fc.assert(
    fc.property(fc.array(anyBlock, { maxLength: 8 }), (blocks) => {
      const { bytes, heightMm } = compileTicket({ blocks }, profile)
      const dots = decodeSlips(bytes, 576)
        .flat()
        .reduce((sum, line) => sum + line.heightDots, 0)
      expect(heightMm * 8).toBeGreaterThanOrEqual(dots)
    }),
  )
})

test('names with rare characters come out of the printer as they went in', () => {
  const names = ['张䶮', '𠮷田', '㼆罕见', '王𬭎', '鿏', '欧阳娜娜', "D'Arcy", 'Çelik', 'Дмитрий']
  const doc: TicketDoc = { blocks: names.map((text) => ({ kind: 'text', text })) }
  const [slip = []] = decodeSlips(compileTicket(doc, profile).bytes, 576)
  expect(textOfSlip(slip).split('\n')).toEqual(names)
})

test('rows stand in two columns, and long values hang under themselves', () => {
  const doc: TicketDoc = {
    blocks: [
      { kind: 'row', label: '医生', value: '李明远' },
      { kind: 'row', label: '预约时间', value: '09:30' },
      { kind: 'row', label: '地点', value: '门诊楼三层东区心血管内科候诊区二号窗口' },
    ],
  }
  const [slip = []] = decodeSlips(compileTicket(doc, narrowProfile).bytes, 384)
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
  const [slip = []] = decodeSlips(compileTicket(doc, profile).bytes, 576)
  const [number, place] = slip.filter((line): line is PrintedLine & { kind: 'text' } => line.kind === 'text')
  expect(number).toMatchObject({ align: 'center', spans: [{ width: 6, height: 6, bold: true }] })
  expect(place).toMatchObject({ align: 'start', spans: [{ width: 1, height: 1, bold: false }] })
})

test('a slip that cannot be printed is a fault, told before anything is sent', () => {
  const qr = (data: string, moduleDots: number): TicketDoc => ({ blocks: [{ kind: 'qr', data, moduleDots }] })
  expect(() => compileTicket(qr('', 4), profile)).toThrow(RangeError)
  expect(() => compileTicket(qr('x'.repeat(513), 4), profile)).toThrow(RangeError)
  expect(() => compileTicket(qr('x', 17), profile)).toThrow(RangeError)
  expect(() => compileTicket({ blocks: [{ kind: 'feed', lines: -1 }] }, profile)).toThrow(RangeError)
})

test('a whole check-in ticket stays under 700 bytes', () => {
  expect(compileTicket(checkInSlip, profile).bytes.length).toBeLessThan(700)
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
