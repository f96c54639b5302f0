import { expect, test } from 'vitest'
import type { WorkDone } from '../station/station-loop.ts'
import { patientFirst } from './patient-first.ts'

test('a backlog rests between its batches while somebody is served, and only then', async () => {
  const order: string[] = []
  const passOn = async (done: WorkDone, isServed: boolean, name: string) => {
    expect(await patientFirst(done, () => isServed)).toBe(done)
    order.push(name)
  }
  await Promise.all([
    passOn('more', true, 'a backlog beside a patient'),
    passOn('more', false, 'a backlog with nobody there'),
    passOn('done', true, 'a single event of a patient'),
  ])
  expect(order.at(-1)).toBe('a backlog beside a patient')
  expect(order).toHaveLength(3)
})
