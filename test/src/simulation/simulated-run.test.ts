import { expect, test } from 'vitest'
import { runSyncDrill } from '../drill/sync-drill.ts'
import { type PlantedBug, plantedBugs } from './planted-bug.ts'
import { runSeed } from './simulated-run.ts'
import { type KnownLimit, knownLimits } from './simulated-world.ts'

const silent = () => undefined

test('a hundred halls under faults lose nothing, give no number twice and end alike', async () => {
  const { verdict, findings } = await runSyncDrill({ kills: 100, seed: 20_261_122, say: silent })
  expect(findings).toEqual([])
  expect(verdict).toMatchObject({ lost: 0, duplicated: 0, torn: 0, ok: true })
  expect(verdict.operations).toBeGreaterThan(1000)
  expect(verdict.faults).toBeGreaterThan(1000)
})

test('the same seed is the same run, step by step; another seed is another', async () => {
  const [one, again, other] = [await runSeed(7), await runSeed(7), await runSeed(8)]
  expect(again).toEqual(one)
  expect(other.trace).not.toEqual(one.trace)
})

/** The first seed, from 1 on, that finds something; null when so many seeds find nothing. */
async function firstFinding(seeds: number, options: Parameters<typeof runSeed>[1]) {
  for (let seed = 1; seed <= seeds; seed += 1) {
    const { findings } = await runSeed(seed, options)
    if (findings.length > 0) return { seed, findings }
  }
  return null
}

test.each(Object.keys(plantedBugs) as PlantedBug[])('a planted bug is found within 200 seeds: %s', async (bug) => {
  expect(await firstFinding(200, { bug })).not.toBeNull()
})

test.each(Object.keys(knownLimits) as KnownLimit[])('a known limit is found when it is opened: %s', async (limit) => {
  const found = await firstFinding(300, { opened: [limit] })
  expect(found?.findings.map(({ kind }) => kind)).toContain('duplicated')
})

test('a seed that fails tells its steps and how to run it again', async () => {
  const { verdict, findings } = await runSyncDrill({ kills: 1, seed: 2, say: silent }, { bug: 'naive-numbers' })
  expect(verdict).toMatchObject({ ok: false, lost: 0, torn: 0 })
  expect(findings.find((line) => line.includes('a patient taps at station'))).toBeDefined()
  expect(findings.at(-1)).toBe('again: npm run drill -- sync --count 1 --seed 2')
})
