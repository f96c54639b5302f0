import { expect, test } from 'vitest'
import { startCentreLoop } from './centre-loop.ts'

const hour = 3_600_000

test('a wake during a round brings another round, and a round that throws does not end the loop', async () => {
  const faults: unknown[] = []
  let rounds = 0
  const third = Promise.withResolvers<void>()
  const loop = startCentreLoop({
    everyMs: hour,
    onFault: (error) => faults.push(error),
    work: async () => {
      rounds += 1
      if (rounds < 3) loop.wake()
      if (rounds === 2) throw new Error('once')
      if (rounds === 3) third.resolve()
    },
  })
  await third.promise
  await loop.stop()
  expect(rounds).toBe(3)
  expect(faults).toHaveLength(1)
})

test('a stop waits for the round under way, which is told, and cuts a pause short', async () => {
  const begun = Promise.withResolvers<void>()
  const gate = Promise.withResolvers<void>()
  let told = false
  const work = async (isStopping: () => boolean) => {
    begun.resolve()
    await gate.promise
    told = isStopping()
  }
  const loop = startCentreLoop({ everyMs: hour, work, onFault: () => undefined })
  await begun.promise
  const stopped = loop.stop()
  gate.resolve()
  await stopped
  expect(told).toBe(true)
  const waiting = startCentreLoop({ everyMs: hour, firstAfterMs: hour, work, onFault: () => undefined })
  await waiting.stop()
})
