import { expect, test } from 'vitest'
import { turnableClock } from '../station/turnable-clock.ts'
import { startIdleWatch } from './idle-watch.ts'

function watch() {
  const clock = turnableClock(0)
  let wiped = 0
  const idle = startIdleWatch({
    clock,
    timeUp: () => {
      wiped += 1
    },
  })
  return { clock, idle, wiped: () => wiped }
}
const asking = { kind: 'asking', idleMs: 60_000, askMs: 30_000 } as const

test('a touch within the minute starts it again', () => {
  const { clock, idle } = watch()
  idle.expect(asking)
  clock.turn(59_999)
  idle.heard()
  clock.turn(59_999)
  expect(idle.sight.value).toEqual({ kind: 'calm' })
  clock.turn(1)
  expect(idle.sight.value).toEqual({ kind: 'asking', secondsLeft: 30 })
})

test('the question counts down in seconds and ends once', () => {
  const { clock, idle, wiped } = watch()
  idle.expect(asking)
  clock.turn(89_000)
  expect(idle.sight.value).toEqual({ kind: 'asking', secondsLeft: 1 })
  clock.turn(600_000)
  expect(wiped()).toBe(1)
})

test('while the question stands a stray touch does not answer it', () => {
  const { clock, idle, wiped } = watch()
  idle.expect(asking)
  clock.turn(61_000)
  idle.heard()
  clock.turn(29_000)
  expect(wiped()).toBe(1)
})

test('a screen that clears itself counts from the start, and a touch begins again', () => {
  const { clock, idle, wiped } = watch()
  idle.expect({ kind: 'clearing', clearMs: 15_000 })
  clock.turn(14_000)
  idle.heard()
  clock.turn(14_000)
  expect(wiped()).toBe(0)
  clock.turn(1_000)
  expect(wiped()).toBe(1)
})

test('an endless screen never ends, and a stopped watch neither', () => {
  const { clock, idle, wiped } = watch()
  idle.expect({ kind: 'endless' })
  clock.turn(10_000_000)
  idle.expect(asking)
  idle.stop()
  clock.turn(10_000_000)
  expect(wiped()).toBe(0)
})
