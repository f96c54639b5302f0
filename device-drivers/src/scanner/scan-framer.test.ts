import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeGb18030 } from '../printing/gb18030-text.ts'
import { RepeatFilter } from './repeat-filter.ts'
import { ScanFramer } from './scan-framer.ts'

const bytes = (text: string) => Buffer.from(text, 'utf8')

test('a code ends at CR, LF or TAB, and CR LF ends one code, not two', () => {
  const scans = new ScanFramer().push(bytes('111222333\r\nabc\tdef\n'))
  expect(scans).toEqual(['111222333', 'abc', 'def'].map((text) => ({ ok: true, text })))
})

test('codes come out the same wherever the line breaks the bytes', () => {
  const stream = bytes('YZ1.AB\r张䶮\r\n012345678\r')
  const whole = new ScanFramer().push(stream)
  expect(whole).toHaveLength(3)
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: stream.length })), (cuts) => {
      const framer = new ScanFramer()
      const edges = [0, ...cuts.toSorted((a, b) => a - b), stream.length]
      const scans = edges.slice(1).flatMap((edge, index) => framer.push(stream.subarray(edges[index], edge)))
      expect(scans).toEqual(whole)
    }),
  )
})

test('text that is no UTF-8 is read as GB18030', () => {
  const framer = new ScanFramer()
  expect(framer.push(Uint8Array.from([...encodeGb18030('张三 𠮷'), 0x0d]))).toEqual([{ ok: true, text: '张三 𠮷' }])
  expect(framer.push(Uint8Array.from([0x41, 0xff, 0xff, 0x0d]))).toEqual([{ ok: false, refusal: 'unreadable' }])
})

test('a code past 4 KiB is refused once, and the next code is read', () => {
  const framer = new ScanFramer()
  expect(framer.push(new Uint8Array(20_000).fill(0x41))).toEqual([{ ok: false, refusal: 'too-long' }])
  expect(framer.push(bytes('A\r012345678\r'))).toEqual([{ ok: true, text: '012345678' }])
  expect(framer.push(bytes(`${'B'.repeat(4096)}\r`))).toMatchObject([{ ok: true }])
})

test('control characters in a code are refused by name', () => {
  expect(new ScanFramer().push(bytes('\x1dV\x00\r'))).toEqual([{ ok: false, refusal: 'control-characters' }])
})

test('what the scanner is set to put around a code is taken off', () => {
  const framer = new ScanFramer({ prefix: '\x02', suffix: '\x03' })
  expect(framer.push(bytes('\x02012345678\x03\r'))).toEqual([{ ok: true, text: '012345678' }])
})

test('no bytes whatever make it throw, or hold more than its bound', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 3000 }), { maxLength: 6 }), (chunks) => {
      const framer = new ScanFramer()
      for (const scan of chunks.flatMap((chunk) => framer.push(chunk))) {
        if (scan.ok) expect(scan.text).not.toMatch(/\p{Cc}/u)
      }
      framer.reset()
      expect(framer.push(bytes('012345678\r'))).toEqual([{ ok: true, text: '012345678' }])
    }),
  )
})

test('the same code again within a second and a half is a repeat, also while it stays before the scanner', () => {
  const filter = new RepeatFilter()
  const repeats = [0, 1000, 2000, 3499, 5000].map((atMs) => filter.isRepeat('012345678', atMs))
  expect(repeats).toEqual([false, true, true, true, false])
  expect(filter.isRepeat('876543210', 5001)).toBe(false)
})
