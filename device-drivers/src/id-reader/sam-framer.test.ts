import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeSamFrame, maxSamLength, samCommands, samPreamble } from './sam-frame.ts'
import { SamFramer } from './sam-framer.ts'

const found = encodeSamFrame([0, 0, 0x9f, 0, 0, 0, 0])
const card = encodeSamFrame([0, 0, 0x90, 1, 0, 4, 0, ...new Uint8Array(1280).fill(0x20)])

test('frames are those of the readers’ sheets', () => {
  expect(encodeSamFrame(samCommands.find).toString('hex')).toBe('aaaaaa96690003200122')
  expect(encodeSamFrame(samCommands.select).toString('hex')).toBe('aaaaaa96690003200221')
  expect(encodeSamFrame(samCommands.read).toString('hex')).toBe('aaaaaa96690003300132')
  expect(found.toString('hex')).toBe('aaaaaa9669000800009f0000000097')
  expect(card).toHaveLength(1295)
})

test('answers come out the same wherever the line breaks them', () => {
  const stream = Buffer.concat([found, card, found])
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: stream.length })), (cuts) => {
      const framer = new SamFramer()
      const edges = [0, ...cuts.toSorted((a, b) => a - b), stream.length]
      const frames = edges.slice(1).flatMap((edge, index) => framer.push(stream.subarray(edges[index], edge)))
      expect(frames.map((frame) => frame.ok && frame.data.length)).toEqual([4, 1284, 4])
      expect(framer.junk).toBe(0)
    }),
  )
})

test('a frame is found right after garbage, also after half a preamble and a preamble with an impossible length', () => {
  const halves = [samPreamble.subarray(0, 3), Buffer.from([0xaa, 0xaa]), Buffer.from([...samPreamble, 0xff, 0xff])]
  const noPreamble = fc.uint8Array({ maxLength: 3000 }).map((bytes) => Buffer.from(bytes.map((byte) => byte & 0x7f)))
  fc.assert(
    fc.property(noPreamble, fc.constantFrom(...halves, Buffer.alloc(0)), (garbage, half) => {
      const framer = new SamFramer()
      const frames = framer.push(Buffer.concat([garbage, half, found]))
      expect(frames).toEqual([{ ok: true, status: 0x9f, data: Buffer.alloc(4) }])
      expect(framer.junk).toBe(garbage.length + half.length)
    }),
  )
})

test('a half frame waits for its rest until it is forgotten, then the next frame is read', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: card.length - 1 }), (cut) => {
      const framer = new SamFramer()
      expect(framer.push(card.subarray(0, cut))).toEqual([])
      framer.reset()
      expect(framer.held).toBe(0)
      expect(framer.push(found)).toHaveLength(1)
    }),
  )
})

test('a wrong checksum is told, and the frame after it is read', () => {
  fc.assert(
    fc.property(fc.integer({ min: 7, max: found.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, flip) => {
      const framer = new SamFramer()
      const spoilt = Buffer.from(found)
      spoilt.writeUInt8(spoilt.readUInt8(at) ^ flip, at)
      const frames = framer.push(Buffer.concat([spoilt, found]))
      expect(frames.map((frame) => frame.ok)).toEqual([false, true])
    }),
  )
})

test('16 MiB of noise are held to 4 KiB, and the next frame is read', () => {
  const floods = [Buffer.of(0x00), Buffer.of(0x1b), Buffer.of(0xaa), Buffer.from([...samPreamble, 0x00, 0x00])]
  for (const pattern of floods) {
    const framer = new SamFramer()
    const chunk = Buffer.alloc(1 << 16, pattern)
    for (let sent = 0; sent < 16 << 20; sent += chunk.length) {
      expect(framer.push(chunk)).toEqual([])
      expect(framer.held).toBeLessThanOrEqual(4096)
    }
    framer.reset()
    expect(framer.push(found)).toHaveLength(1)
  }
  expect(new SamFramer().max).toBe(7 + maxSamLength)
})

test('no bytes whatever make it throw', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 3000 }), { maxLength: 6 }), (chunks) => {
      const framer = new SamFramer()
      for (const chunk of chunks) framer.push(Buffer.concat([samPreamble, chunk]))
      framer.reset()
      expect(framer.push(found).filter(({ ok }) => ok)).toHaveLength(1)
    }),
  )
})
