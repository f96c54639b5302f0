import { expect, test } from 'vitest'
import { turnableClock } from '../station/turnable-clock.ts'
import { laterPart } from './later-part.ts'

const settled = () => new Promise((resolve) => setTimeout(resolve))

test('a part is fetched two seconds after the start, once', async () => {
  const clock = turnableClock(0)
  let asked = 0
  const later = laterPart(async () => ++asked, clock)
  clock.turn(1_999)
  expect(asked).toBe(0)
  clock.turn(1)
  await settled()
  expect(later.part.value).toBe(1)
  later.fetchNow()
  clock.turn(60_000)
  expect(asked).toBe(1)
})

test('a part that is needed earlier is fetched at once', async () => {
  const clock = turnableClock(0)
  const later = laterPart(async () => 'there', clock)
  later.fetchNow()
  await settled()
  expect(later.part.value).toBe('there')
})

test('a part that the station did not give is asked for again each second', async () => {
  const clock = turnableClock(0)
  let asked = 0
  const later = laterPart(() => {
    asked += 1
    return asked < 3 ? Promise.reject(new Error('station away')) : Promise.resolve('there')
  }, clock)
  later.fetchNow()
  for (const expected of [1, 2, 3]) {
    await settled()
    expect(asked).toBe(expected)
    clock.turn(1_000)
  }
  expect(later.part.value).toBe('there')
})

test('a page that is left asks no more', async () => {
  const clock = turnableClock(0)
  let asked = 0
  const later = laterPart(async () => ++asked, clock)
  later.stop()
  clock.turn(60_000)
  expect(asked).toBe(0)
})
