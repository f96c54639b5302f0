import { expect, test } from 'vitest'
import { runProxyDrill } from './proxy-drill.ts'

test('two storms over links, stations and the centre lose nothing, double nothing and tear nothing', async () => {
  const { verdict, findings } = await runProxyDrill({ kills: 2, seed: 20_261_122, stations: 2, say: () => undefined })
  expect(findings.filter((finding) => !finding.startsWith('no disk was filled'))).toEqual([])
  expect(verdict).toMatchObject({ lost: 0, duplicated: 0, torn: 0, ok: true, figures: { rounds: 2 } })
  expect(verdict.operations).toBeGreaterThan(40)
  expect(verdict.faults).toBeGreaterThan(4)
}, 400_000)
