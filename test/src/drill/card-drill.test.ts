import { expect, test } from 'vitest'
import { runCardDrill } from './card-drill.ts'

test('hung exchanges, a killed card service and a flapping reader: every card is read once, none that was pulled', async () => {
  const patience = { usableWithinMs: 30_000, liveWithinMs: 5000 }
  const { verdict, findings } = await runCardDrill({ kills: 2, seed: 20_261_122, say: () => undefined, ...patience })
  expect(findings).toEqual([])
  expect(verdict).toMatchObject({ lost: 0, duplicated: 0, torn: 0, ok: true })
  expect(verdict.faults).toBe(2 * (1 + 2 * 2 + 2 * 50))
}, 180_000)
