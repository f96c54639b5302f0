import { expect, test } from 'vitest'
import { runClockDrill } from './clock-drill.ts'

test('a clock that is set to and fro gives no number twice, loses nothing and keeps the order of events', async () => {
  const { verdict, findings } = await runClockDrill({ kills: 25, seed: 20_261_122, say: () => undefined })
  expect(findings).toEqual([])
  expect(verdict).toMatchObject({ faults: 25, lost: 0, duplicated: 0, torn: 0, ok: true })
  expect(verdict.operations).toBeGreaterThan(50)
})
