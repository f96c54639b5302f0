import { expect, test } from 'vitest'
import { runCardDrill } from './card-drill.ts'

test('hung exchanges, a killed card service and a flapping reader: every card is read once, none that was pulled', async () => {
  const patience = { usableWithinMs: 30_000, liveWithinMs: 5000 }
  const {
    parts = [],
    verdict,
    findings,
  } = await runCardDrill({ kills: 2, seed: 20_261_122, say: () => undefined, ...patience })
  expect(findings).toEqual([])
  expect(verdict).toMatchObject({ lost: 0, duplicated: 0, torn: 0, ok: true })
  // For each way to the card service: one exchange hangs, two cards are pulled, two kills, a hundred flaps.
  expect(parts.map(({ faults }) => faults)).toEqual(parts.map(() => 1 + 2 + 2 + 100))
  expect(parts[0]).toMatchObject({ name: 'card-direct', ok: true })
})
