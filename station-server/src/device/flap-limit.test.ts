import type { DeviceChange } from '@yizhan/contracts/device'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FlapLimit } from './flap-limit.ts'

const at = Date.parse('2026-11-22T08:00:00+08:00')
const change = (deviceId: string, seq: number, since: number): DeviceChange => ({
  changeId: '019ab000-0000-7000-8000-000000000001',
  deviceId,
  kind: 'card-reader',
  phase: 'ready',
  reasons: [],
  since,
  seq,
  source: 'driver',
})
const seqs = (changes: readonly DeviceChange[], deviceId: string) =>
  changes.filter((one) => one.deviceId === deviceId).map(({ seq }) => seq)

test('what happens now and then passes at once and whole', () => {
  const limit = new FlapLimit()
  for (let seq = 1; seq <= 30; seq += 1) limit.offer(change('reader', seq, at), at)
  expect(seqs(limit.take(at).changes, 'reader')).toHaveLength(30)
  expect(limit.take(at)).toEqual({ changes: [], dropped: [] })
})

test('a reader that flaps each millisecond for an hour is let through one change in ten seconds; others are not touched', () => {
  const limit = new FlapLimit()
  let reader = 0
  let printer = 0
  let dropped = 0
  const hourMs = 3_600_000
  for (let ms = 0; ms < hourMs; ms += 1000) {
    for (let flap = 0; flap < 1000; flap += 1) limit.offer(change('reader', ms + flap, at + ms), at + ms)
    if (ms % 60_000 === 0) limit.offer(change('printer', ms, at + ms), at + ms)
    const taken = limit.take(at + ms)
    reader += seqs(taken.changes, 'reader').length
    printer += seqs(taken.changes, 'printer').length
    dropped += taken.dropped.reduce((sum, { count }) => sum + count, 0)
  }
  expect(printer).toBe(60)
  expect(reader).toBeLessThanOrEqual(30 + 360)
  expect(reader + dropped).toBeGreaterThan(hourMs * 0.99)
})

test('the newest change always comes through in the end, order is kept, and each change is either taken or counted', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 0, max: 30_000 }))), (bouts) => {
      const limit = new FlapLimit()
      let now = at
      let seq = 0
      const taken: number[] = []
      let dropped = 0
      const take = () => {
        const out = limit.take(now)
        taken.push(...seqs(out.changes, 'reader'))
        dropped += out.dropped.reduce((sum, { count }) => sum + count, 0)
      }
      for (const [flaps, pauseMs] of bouts) {
        for (let flap = 0; flap < flaps; flap += 1) limit.offer(change('reader', ++seq, now), now)
        take()
        now += pauseMs
      }
      now += 10_000
      take()
      expect(taken).toEqual([...taken].sort((one, other) => one - other))
      expect(taken.length + dropped).toBe(seq)
      if (seq > 0) expect(taken.at(-1)).toBe(seq)
    }),
  )
})

test('a clock that was put back stops nothing', () => {
  const limit = new FlapLimit()
  for (let seq = 1; seq <= 40; seq += 1) limit.offer(change('reader', seq, at), at)
  limit.take(at)
  limit.offer(change('reader', 41, at), at - 86_400_000)
  limit.take(at - 86_400_000)
  expect(seqs(limit.take(at - 86_400_000 + 10_000).changes, 'reader')).toEqual([41])
})
