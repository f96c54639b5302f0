import { afterEach, expect, test, vi } from 'vitest'
import { patienceMs } from '../device/test-patience.ts'
import { type SimUps, startSimUps } from '../sim/sim-ups.ts'
import { type SupervisedUps, startUps } from './supervised-ups.ts'
import type { UpsNews } from './ups-status.ts'

interface Rig {
  sim: SimUps
  ups: SupervisedUps
  news: UpsNews[]
}

const cleanups: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function makeRig(upsName = 'ups'): Promise<Rig> {
  const sim = await startSimUps({ port: 0, upsName: 'ups', now: Date.now })
  cleanups.push(() => sim.stop())
  const link = { kind: 'tcp', host: '127.0.0.1', port: sim.port } as const
  const ups = startUps({ deviceId: 'ups-1', link, upsName }, { log: () => undefined, now: Date.now })
  cleanups.push(() => ups.stop())
  const news: UpsNews[] = []
  ups.onNews((its) => news.push(its))
  return { sim, ups, news }
}

function untilHealth(ups: SupervisedUps, phase: string, reasons: string[] = []): Promise<void> {
  const seen = () => expect(ups.health()).toMatchObject({ phase, reasons })
  return vi.waitFor(seen, { timeout: patienceMs, interval: 10 })
}

test('the mains, the battery and a low battery are told as they come, with charge and time left', async () => {
  const { sim, ups, news } = await makeRig()
  await untilHealth(ups, 'ready')
  sim.setMains(false)
  await untilHealth(ups, 'degraded', ['on-battery'])
  sim.setCharge(12)
  await untilHealth(ups, 'degraded', ['on-battery', 'battery-low'])
  sim.setMains(true)
  sim.setCharge(100)
  await untilHealth(ups, 'ready')
  await vi.waitFor(() => {
    expect(news).toEqual([
      { kind: 'power', state: 'mains', chargePercent: 100, runtimeS: 900 },
      { kind: 'power', state: 'battery', chargePercent: 100, runtimeS: 900 },
      { kind: 'power', state: 'battery-low', chargePercent: 12, runtimeS: 108 },
      { kind: 'power', state: 'mains', chargePercent: 100, runtimeS: 900 },
    ])
  }, patienceMs)
})

test('a battery to be replaced, and a UPS that its server hears no more, are told', async () => {
  const { sim, ups } = await makeRig()
  sim.setWorn(true)
  await untilHealth(ups, 'degraded', ['battery-worn'])
  sim.setStale(true)
  await untilHealth(ups, 'fault', ['mute'])
  sim.setStale(false)
  sim.setWorn(false)
  await untilHealth(ups, 'ready')
})

test('a UPS that the server does not know is a mistake of the configuration', async () => {
  const { ups, news } = await makeRig('other')
  await untilHealth(ups, 'fault', ['config-mismatch'])
  expect(news).toEqual([])
})

test('a server that is gone is told, and heals when it is back', async () => {
  const { sim, ups } = await makeRig()
  await untilHealth(ups, 'ready')
  await sim.wire.unplug()
  await untilHealth(ups, 'fault', ['link-lost'])
  await sim.wire.plugIn()
  await untilHealth(ups, 'ready')
})

test('a server that answers nothing is mute and stays so, also over new connections, until it answers', async () => {
  const { sim, ups } = await makeRig()
  await untilHealth(ups, 'ready')
  const phases: string[] = []
  ups.onHealth(({ phase, reasons }) => phases.push([phase, ...reasons].join(' ')))
  await sim.verbs['mute']?.({})
  const asked = () => sim.journal().length
  await untilHealth(ups, 'fault', ['mute'])
  const before = asked()
  await vi.waitFor(() => expect(asked()).toBeGreaterThan(before + 3), patienceMs)
  await sim.verbs['mute']?.({ on: false })
  await untilHealth(ups, 'ready')
  expect(phases).toEqual(['fault mute', 'ready'])
})

test('half a line and garbage cost one answer, not the next', async () => {
  const { sim, ups } = await makeRig()
  await untilHealth(ups, 'ready')
  await sim.verbs['half']?.({})
  await sim.verbs['garbage']?.({ bytes: 30_000 })
  sim.setMains(false)
  await untilHealth(ups, 'degraded', ['on-battery'])
})
