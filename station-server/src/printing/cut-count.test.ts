import { afterEach, expect, test, vi } from 'vitest'
import { CutCount } from './cut-count.ts'

afterEach(() => vi.useRealTimers())

test('a counter that a proof told serves the next slip once, and only when it follows at once', () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  const count = new CutCount(() => performance.now())
  expect(count.take()).toBeNull()
  count.tell(7)
  expect(count.take()).toBe(7)
  expect(count.take()).toBeNull()
  count.tell(8)
  vi.advanceTimersByTime(201)
  expect(count.take()).toBeNull()
})

test('what was printed beside the ledger makes a told counter worthless', () => {
  const count = new CutCount(() => performance.now())
  count.tell(7)
  count.tell(null)
  expect(count.take()).toBeNull()
})
