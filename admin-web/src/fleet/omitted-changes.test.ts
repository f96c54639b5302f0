import { expect, test } from 'vitest'
import { fakeDeviceHistory } from './fake-device-history.ts'
import { omittedBefore } from './omitted-changes.ts'

test('a gap in a device’s count tells how many changes were left out; another device, a restart and the oldest tell nothing', () => {
  const [change] = fakeDeviceHistory(0)
  if (change === undefined) throw new Error('there is no change')
  const of = (deviceId: string, seq: number) => ({ ...change, deviceId, seq })
  expect(omittedBefore(of('a', 9), [of('b', 1), of('a', 8)])).toBe(0)
  expect(omittedBefore(of('a', 9), [of('b', 8), of('a', 3)])).toBe(5)
  expect(omittedBefore(of('a', 1), [of('a', 300)])).toBe(0)
  expect(omittedBefore(of('a', 9), [of('b', 1)])).toBe(0)
})
