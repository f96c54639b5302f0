import fc from 'fast-check'
import { expect, test } from 'vitest'
import { backOffMs, RestartPlan } from './restart-plan.ts'

test('waits double from 0.1 s to 30 s, within a fifth of it', () => {
  expect([0, 1, 2, 3, 20].map((failures) => backOffMs(failures, 0.5))).toEqual([100, 200, 400, 800, 30_000])
  fc.assert(
    fc.property(fc.nat(1000), fc.double({ min: 0, max: 1, noNaN: true }), (failures, random) => {
      const middleMs = backOffMs(failures, 0.5)
      expect(Math.abs(backOffMs(failures, random) - middleMs)).toBeLessThanOrEqual(middleMs * 0.2 + 1)
    }),
  )
})

test('the eleventh restart within ten minutes sets the device aside, with a try every five minutes', () => {
  const plan = new RestartPlan()
  const decisions = Array.from({ length: 12 }, (_each, index) => plan.next(index * 30_000, 1000, 0.5))
  expect(decisions.slice(0, 10).every((decision) => !decision.quarantined)).toBe(true)
  expect(decisions.slice(10)).toEqual([
    { waitMs: 300_000, quarantined: true },
    { waitMs: 300_000, quarantined: true },
  ])
})

test('a process that lived a minute starts again without the waits of earlier troubles', () => {
  const plan = new RestartPlan()
  plan.next(0, 100, 0.5)
  expect(plan.next(1000, 100, 0.5).waitMs).toBe(200)
  expect(plan.next(70_000, 60_000, 0.5).waitMs).toBe(100)
})
