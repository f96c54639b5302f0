import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { startIdleWatch } from './attendance-watch.ts'

const minuteMs = 60_000
beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function watched() {
  const page = new EventTarget()
  const told: number[] = []
  const watch = startIdleWatch({ page, clock: () => Date.now(), onIdleLimit: () => told.push(Date.now()) })
  return { page, told, watch }
}

test('after fifteen minutes without a touch it says so, once', async () => {
  const { told, watch } = watched()
  vi.advanceTimersByTime(15 * minuteMs - 1)
  expect(told).toHaveLength(0)
  vi.advanceTimersByTime(20 * minuteMs)
  expect(told).toHaveLength(1)
  await watch.stop()
})

test('a touch starts the time anew', async () => {
  const { page, told, watch } = watched()
  vi.advanceTimersByTime(14 * minuteMs)
  expect(watch.isAttended()).toBe(false)
  page.dispatchEvent(new Event('keydown'))
  expect(watch.isAttended()).toBe(true)
  vi.advanceTimersByTime(14 * minuteMs)
  expect(told).toHaveLength(0)
  vi.advanceTimersByTime(2 * minuteMs)
  expect(told).toHaveLength(1)
  await watch.stop()
})

test('a stopped watch is silent', async () => {
  const { told, watch } = watched()
  await watch.stop()
  vi.advanceTimersByTime(60 * minuteMs)
  expect(told).toHaveLength(0)
})
