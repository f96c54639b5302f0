import fc from 'fast-check'
import { expect, test } from 'vitest'
import { turnableClock } from '../station/turnable-clock.ts'
import { WedgeBurst } from './wedge-burst.ts'

interface Press {
  key: string
  gapMs: number
}

/** What the page and the station get of keys that come after these gaps; time goes on after the last. */
function press(presses: readonly Press[]) {
  const clock = turnableClock(0)
  const told = { scans: [] as string[], refusals: [] as string[], page: '' }
  const burst = new WedgeBurst(clock, {
    scanned: (text) => told.scans.push(text),
    refused: (refusal) => told.refusals.push(refusal),
    typed: (character) => {
      told.page += character
    },
  })
  for (const { key, gapMs } of presses) {
    clock.turn(gapMs)
    if (key !== 'Enter') burst.hold(key, clock.now())
    else if (!burst.end()) told.page += '⏎'
  }
  clock.turn(1_000)
  expect(burst.running).toBe(false)
  return told
}

const printable = fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCodePoint(code))
const digit = fc.constantFrom(...'0123456789')
const scannerGap = fc.integer({ min: 0, max: 34 })
const fingerGap = fc.integer({ min: 80, max: 2_000 })
const withGaps = (keys: fc.Arbitrary<string[]>, gap: fc.Arbitrary<number>) =>
  keys.chain((all) => fc.tuple(...all.map((key) => fc.record({ key: fc.constant(key), gapMs: gap }))))
const keysOf = (one: fc.Arbitrary<string>, minLength: number, maxLength: number) =>
  fc.array(one, { minLength, maxLength }).map((keys) => [...keys, 'Enter'])
const textOf = (presses: readonly Press[]) =>
  presses
    .filter(({ key }) => key !== 'Enter')
    .map(({ key }) => key)
    .join('')

test('whatever comes as quickly as a scanner types, up to Enter, is one scan, and nothing of it reaches the page', () => {
  fc.assert(
    fc.property(withGaps(keysOf(printable, 4, 200), scannerGap), (presses) => {
      expect(press(presses)).toEqual({ scans: [textOf(presses)], refusals: [], page: '' })
    }),
  )
})

test('whatever fingers type reaches the page whole and in its order, and is no scan', () => {
  fc.assert(
    fc.property(withGaps(fc.array(fc.oneof(digit, fc.constant('Enter')), { maxLength: 30 }), fingerGap), (presses) => {
      const page = presses.map(({ key }) => (key === 'Enter' ? '⏎' : key)).join('')
      expect(press(presses)).toEqual({ scans: [], refusals: [], page })
    }),
  )
})

test('fingers that now and then hit two or three keys at once are still fingers', () => {
  const burstOfFingers = fc
    .array(digit, { minLength: 1, maxLength: 3 })
    .chain((keys) =>
      fc
        .tuple(...keys.map(() => fc.integer({ min: 0, max: 50 })))
        .map((gaps) => keys.map((key, at) => ({ key, gapMs: at === 0 ? 150 : (gaps[at] ?? 0) }))),
    )
  fc.assert(
    fc.property(fc.array(burstOfFingers, { maxLength: 6 }), (bursts) => {
      const presses = bursts.flat()
      expect(press(presses)).toEqual({ scans: [], refusals: [], page: textOf(presses) })
    }),
  )
})

test('one late key in ten does not tear a scan', () => {
  const presses = [...'YZ1.ABCDEFGHIJKLMNOPQRST', 'Enter'].map((key, at) => ({ key, gapMs: at % 12 === 8 ? 250 : 8 }))
  expect(press(presses)).toEqual({ scans: ['YZ1.ABCDEFGHIJKLMNOPQRST'], refusals: [], page: '' })
})

test('a code that breaks off before its end is not typed into the page', () => {
  expect(press([...'2026112'].map((key) => ({ key, gapMs: 5 })))).toEqual({ scans: [], refusals: [], page: '' })
})

test('a code that is too long, and one of other characters than ours, are told as such', () => {
  const quick = (text: string) => press([...text, 'Enter'].map((key) => ({ key, gapMs: 2 })))
  expect(quick('9'.repeat(5_000)).refusals).toEqual(['too-long'])
  expect(quick('9'.repeat(512)).scans).toHaveLength(1)
  expect(quick('9'.repeat(513)).refusals).toEqual(['too-long'])
  expect(quick('预约码二维码').refusals).toEqual(['unreadable'])
})
