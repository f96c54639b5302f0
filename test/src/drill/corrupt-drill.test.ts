import { expect, test } from 'vitest'
import { runCorruptDrill } from './corrupt-drill.ts'

test('a bit turned anywhere in database or log is noticed, and nothing is lost that the second copy holds', async () => {
  const { verdict, findings } = await runCorruptDrill({ kills: 24, seed: 20_261_122, say: () => undefined })
  expect(findings).toEqual([])
  expect(verdict).toMatchObject({ faults: 24, lost: 0, duplicated: 0, torn: 0, ok: true })
  expect(verdict.figures?.['noticed']).toBeGreaterThan(3)
})
