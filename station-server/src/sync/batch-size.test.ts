import { expect, test } from 'vitest'
import { BatchSize } from './batch-size.ts'

test('batches grow while the centre is quick, up to what it takes at once', () => {
  const size = new BatchSize()
  for (let n = 0; n < 100; n += 1) size.took(40, 1)
  expect(size.current).toBe(2000)
})

test('batches halve when the centre is slow or busy, and never below what is worth a call', () => {
  const size = new BatchSize()
  size.took(900, 1)
  expect(size.current).toBe(250)
  for (let n = 0; n < 10; n += 1) size.shrink()
  expect(size.current).toBe(50)
  size.took(450, 1)
  expect(size.current).toBe(50)
})

test('batches become smaller while reading one holds the station up for longer than a tap may wait, down to 500', () => {
  const size = new BatchSize()
  for (let n = 0; n < 4; n += 1) size.took(40, 1)
  for (let n = 0; n < 3; n += 1) size.took(40, 6)
  expect(size.current).toBe(550)
  for (let n = 0; n < 100; n += 1) size.took(40, 6)
  expect(size.current).toBe(500)
  size.shrink()
  size.took(40, 6)
  expect(size.current).toBe(250)
})
