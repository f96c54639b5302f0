import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ReplyFramer } from './escpos-status.ts'

const ascii = (text: string) => [...Buffer.from(text, 'latin1')]

test('each kind of answer is told by its first byte', () => {
  const framer = new ReplyFramer()
  const bytes = [0x12, 0x18, 0x00, 0x0c, 0x0f, 0x00, 0x37, 0x22, ...ascii('ab12'), 0, 0x5f, ...ascii('1042'), 0]
  expect(framer.push(Uint8Array.from(bytes))).toMatchObject([
    { kind: 'real-time', byte: 0x12 },
    { kind: 'automatic', status: { offline: true, paperOut: true, coverOpen: false } },
    { kind: 'ordered', byte: 0 },
    { kind: 'process-id', processId: 'ab12' },
    { kind: 'counter', value: 1042 },
  ])
  expect(framer.junk).toBe(0)
})

test('answers cut anywhere come out the same', () => {
  const bytes = Uint8Array.from([0x14, 0, 0, 0x0f, 0x37, 0x22, ...ascii('zz99'), 0, 0x5f, ...ascii('7'), 0, 0x16])
  const whole = new ReplyFramer().push(bytes)
  expect(whole).toHaveLength(4)
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: bytes.length })), (cuts) => {
      const framer = new ReplyFramer()
      const edges = [0, ...cuts.toSorted((a, b) => a - b), bytes.length]
      const replies = edges.slice(1).flatMap((edge, index) => framer.push(bytes.subarray(edges[index], edge)))
      expect(replies).toEqual(whole)
    }),
  )
})

test('an automatic status that breaks off costs only itself', () => {
  const framer = new ReplyFramer()
  expect(framer.push(Uint8Array.from([0x10, 0x00, 0x12]))).toEqual([{ kind: 'real-time', byte: 0x12 }])
  expect(framer.junk).toBe(2)
})

test('the full status of a kiosk printer is read, and one that breaks off is forgotten by reset', () => {
  const framer = new ReplyFramer({ fullStatus: true })
  const answer = Uint8Array.of(0x10, 0x0f, 0x24, 0x02, 0x41, 0x09)
  const read = {
    kind: 'full',
    status: {
      paperOut: false,
      paperNearEnd: true,
      ticketInMouth: true,
      coverOpen: true,
      overheated: true,
      jammed: true,
      cutterError: true,
      unrecoverable: true,
    },
  }
  expect(framer.push(answer)).toEqual([read])
  expect(framer.push(answer.subarray(0, 4))).toEqual([])
  expect(framer.open).toBe(true)
  framer.reset()
  expect(framer.push(Uint8Array.of(0x12, ...answer))).toEqual([{ kind: 'real-time', byte: 0x12 }, read])
  expect(framer.junk).toBe(4)
})

test('noise that looks like the start of a block does not swallow the answer behind it', () => {
  for (const noise of [[0x5f], [0x37], [0x3d, 0xff], [0x5f, 0x31, 0x32], [0x37, 0x22, 0x61, 0x07]]) {
    const framer = new ReplyFramer()
    const replies = framer.push(Uint8Array.from([...noise, 0x12, 0x5f, ...ascii('42'), 0]))
    expect(replies.filter(({ kind }) => kind !== 'ordered')).toEqual([
      { kind: 'real-time', byte: 0x12 },
      { kind: 'counter', value: 42 },
    ])
  }
})

test('noise is counted, bounded, and followed by an understood answer', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (noise) => {
      const framer = new ReplyFramer()
      framer.push(noise)
      framer.reset()
      expect(framer.push(Uint8Array.from([0x37, 0x22, ...ascii('ok01'), 0]))).toEqual([
        { kind: 'process-id', processId: 'ok01' },
      ])
    }),
  )
  const framer = new ReplyFramer()
  framer.push(new Uint8Array(5000).fill(0x3d))
  expect(framer.junk).toBeGreaterThan(4800)
})
