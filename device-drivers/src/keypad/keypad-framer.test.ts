import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { KeypadFramer } from './keypad-framer.ts'
import { type KeypadProfile, type KeypadProfileName, keypadMessage, keypadProfiles } from './keypad-profile.ts'

const names = Object.keys(keypadProfiles) as KeypadProfileName[]

describe.each(names)('the bytes of a keypad %s', (name) => {
  const profile: KeypadProfile = keypadProfiles[name]
  const stream = Buffer.concat(profile.keys.map(({ code }) => keypadMessage(profile, code)))
  const presses = [1, 2, 3, 4, 5].map((score) => ({ kind: 'key', score }))

  test('are presses, wherever the line breaks them', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: stream.length })), (cuts) => {
        const framer = new KeypadFramer(profile)
        const edges = [0, ...cuts.toSorted((a, b) => a - b), stream.length]
        const messages = edges.slice(1).flatMap((edge, index) => framer.push(stream.subarray(edges[index], edge)))
        expect(messages).toEqual(presses)
        expect(framer.junk).toBe(0)
      }),
    )
  })

  test('are found after any garbage that the line was quiet after', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (garbage) => {
        const framer = new KeypadFramer(profile)
        framer.push(garbage)
        framer.reset()
        expect(framer.push(stream)).toEqual(presses)
      }),
    )
  })

  test('are found right after a flood of 16 MiB without any, of NUL, ESC or the beginning of a message', () => {
    const first = keypadMessage(profile, profile.keys[0]?.code ?? 0)[0] ?? 0
    for (const byte of [0x00, 0x1b, ...(profile.head.length > 0 ? [first] : [])]) {
      const framer = new KeypadFramer(profile)
      const chunk = new Uint8Array(1 << 16).fill(byte)
      for (let sent = 0; sent < 16 << 20; sent += chunk.length) expect(framer.push(chunk)).toEqual([])
      expect(framer.max).toBeLessThanOrEqual(4096)
      expect(framer.junk).toBeGreaterThanOrEqual((16 << 20) - framer.max)
      expect(framer.push(stream)).toEqual(presses)
    }
  })
})

test('a message with a wrong check is none, and half of one does not spoil the next', () => {
  const framer = new KeypadFramer(keypadProfiles['framed-sum'])
  const good = keypadMessage(keypadProfiles['framed-sum'], 3)
  expect(Buffer.from(good).toString('hex')).toBe('aa550302')
  expect(framer.push(Uint8Array.of(0xaa, 0x55, 0x03, 0x01))).toEqual([])
  expect(framer.push(good.subarray(0, 2))).toEqual([])
  expect(framer.push(good)).toEqual([{ kind: 'key', score: 3 }])
})
