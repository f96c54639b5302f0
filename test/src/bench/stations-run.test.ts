import { expect, test } from 'vitest'
import { runFleet } from './stations-run.ts'

test('twenty stations come back to a centre that was killed twice, and all that they had queued meanwhile arrives', async () => {
  const figures = await runFleet({ stations: 20, killed: 0, eventsEach: 30, idleMs: 500, outageMs: 1000 })
  expect(figures.unsent).toBe(0)
  expect(figures.stored).toBe(20 * 30)
  expect(figures.allBack).toHaveLength(2)
})
