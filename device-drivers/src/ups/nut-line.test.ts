import fc from 'fast-check'
import { expect, test } from 'vitest'
import { NutLineFramer, readNutAnswer } from './nut-line.ts'

const bytes = (text: string) => Buffer.from(text, 'utf8')

test('lines come out the same wherever the network breaks them', () => {
  const stream = bytes('VAR ups ups.status "OL CHRG"\nERR DATA-STALE\r\n\n')
  const whole = ['VAR ups ups.status "OL CHRG"', 'ERR DATA-STALE', '']
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: stream.length })), (cuts) => {
      const framer = new NutLineFramer()
      const edges = [0, ...cuts.toSorted((a, b) => a - b), stream.length]
      const lines = edges.slice(1).flatMap((edge, index) => framer.push(stream.subarray(edges[index], edge)))
      expect(lines).toEqual(whole)
    }),
  )
})

test('16 MiB without an end are held to a kilobyte, and the next line is read', () => {
  for (const byte of [0x00, 0x1b, 0x41]) {
    const framer = new NutLineFramer()
    const chunk = new Uint8Array(1 << 16).fill(byte)
    for (let sent = 0; sent < 16 << 20; sent += chunk.length) expect(framer.push(chunk)).toEqual([])
    expect(framer.max).toBeLessThanOrEqual(4096)
    expect(framer.junk).toBe(16 << 20)
    expect(framer.push(bytes('\nERR DATA-STALE\n'))).toEqual(['ERR DATA-STALE'])
  }
})

test('an answer is a variable, a refusal or nothing known', () => {
  expect(readNutAnswer('VAR ups ups.status "OB LB"')).toEqual({
    kind: 'variable',
    upsName: 'ups',
    name: 'ups.status',
    value: 'OB LB',
  })
  expect(readNutAnswer(String.raw`VAR ups ups.mfr "a \"b\" \\c"`)).toMatchObject({ value: 'a "b" \\c' })
  expect(readNutAnswer('ERR UNKNOWN-UPS')).toEqual({ kind: 'refusal', word: 'UNKNOWN-UPS' })
  expect(readNutAnswer('ERR ACCESS-DENIED not for you')).toEqual({ kind: 'refusal', word: 'ACCESS-DENIED' })
  for (const other of ['', 'VAR ups ups.status OL', 'VAR ups ups.status "OL', 'OK', 'ERR']) {
    expect(readNutAnswer(other)).toEqual({ kind: 'other' })
  }
})

test('no line whatever makes it throw', () => {
  fc.assert(
    fc.property(fc.string(), (line) => {
      expect(readNutAnswer(`VAR ${line}`).kind).toBeTypeOf('string')
    }),
  )
})
