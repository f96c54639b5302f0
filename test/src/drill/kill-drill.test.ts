import { expect, test } from 'vitest'
import { runKillDrill } from './kill-drill.ts'

test('a station killed ten times loses no ticket, gives no number twice and prints every slip once', async () => {
  const { verdict, findings } = await runKillDrill({ kills: 10, seed: 20_261_122, say: () => undefined })
  expect(findings).toEqual([])
  expect(verdict).toMatchObject({ faults: 10, lost: 0, duplicated: 0, torn: 0, ok: true })
  expect(verdict.operations).toBeGreaterThan(10)
})
