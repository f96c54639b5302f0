import { spawn } from 'node:child_process'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { patienceMs } from '../device/test-patience.ts'
import { lendPty, ptyMakersHere } from '../sim/lent-pty.ts'
import type { PtyMaker } from '../sim/pty-pair.ts'
import { type SimIndicator, startSimIndicator } from '../sim/sim-indicator.ts'
import { bytesToShow, type IndicatorProfileName, indicatorProfiles, indicatorSignals } from './indicator-profile.ts'
import { type SupervisedIndicator, startIndicator } from './supervised-indicator.ts'

interface Rig {
  sim: SimIndicator
  indicator: SupervisedIndicator
}

const cleanups: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function makeRig(profile: IndicatorProfileName = 'lcus-4', maker?: PtyMaker): Promise<Rig> {
  const { pty, giveBack } = await lendPty(maker)
  cleanups.push(giveBack)
  const sim = startSimIndicator({ pty, profile, now: Date.now })
  const link = { kind: 'serial', path: pty.path, baudRate: 9600 } as const
  const indicator = startIndicator({ deviceId: 'indicator-1', link, profile }, { log: () => undefined, now: Date.now })
  cleanups.push(() => indicator.stop())
  await untilPhase(indicator, 'ready')
  return { sim, indicator }
}

function untilPhase(indicator: SupervisedIndicator, phase: string): Promise<void> {
  return vi.waitFor(() => expect(indicator.health().phase).toBe(phase), { timeout: patienceMs, interval: 10 })
}

function untilSignal(sim: SimIndicator, signal: string): Promise<void> {
  return vi.waitFor(() => expect(sim.state().signal).toBe(signal), { timeout: patienceMs, interval: 10 })
}

describe.each(ptyMakersHere())('an indicator on a line made by %s', (maker) => {
  test('shows each signal in place of the one before', async () => {
    const { sim, indicator } = await makeRig('lcus-4', maker)
    for (const signal of [...indicatorSignals, 'off'] as const) {
      indicator.show(signal)
      await untilSignal(sim, signal)
    }
    const lamps = (sim.journal() as { channels: boolean[] }[]).map(({ channels }) => channels.filter(Boolean).length)
    expect(Math.max(...lamps)).toBe(1)
  })

  test('that was pulled out is off, is told, and shows what is wanted when it is back', async () => {
    const { sim, indicator } = await makeRig('lcus-4', maker)
    indicator.show('ready')
    await untilSignal(sim, 'ready')
    await sim.wire.unplug()
    await untilPhase(indicator, 'fault')
    expect(indicator.health().reasons).toEqual(['link-lost'])
    expect(sim.state().signal).toBe('off')
    indicator.show('error')
    await sim.wire.plugIn()
    await untilSignal(sim, 'error')
  })
})

test('a lamp left on by whoever was there before is switched off at the start', async () => {
  const { pty, giveBack } = await lendPty()
  cleanups.push(giveBack)
  const sim = startSimIndicator({ pty, profile: 'lcus-4', now: Date.now })
  const link = { kind: 'serial', path: pty.path, baudRate: 9600 } as const
  const start = () =>
    startIndicator({ deviceId: 'indicator-1', link, profile: 'lcus-4' }, { log: () => undefined, now: Date.now })
  const first = start()
  cleanups.push(() => first.stop())
  await untilPhase(first, 'ready')
  first.show('call')
  await untilSignal(sim, 'call')
  first.restart()
  await vi.waitFor(() => {
    const signals = (sim.journal() as { signal: string }[]).map(({ signal }) => signal)
    expect(signals).toEqual(['call', 'off', 'call'])
  }, patienceMs)
})

test('the lamps are off when the station stops', async () => {
  const { sim, indicator } = await makeRig()
  indicator.show('error')
  await untilSignal(sim, 'error')
  await indicator.stop()
  await untilSignal(sim, 'off')
})

/** A station that calls staff and then does nothing more. */
const station = `
  const { startIndicator } = await import(${JSON.stringify(new URL('./supervised-indicator.ts', import.meta.url).href)})
  const link = { kind: 'serial', path: process.env.LINE, baudRate: 9600 }
  const deps = { log: () => undefined, now: Date.now }
  startIndicator({ deviceId: 'indicator-1', link, profile: 'lcus-4' }, deps).show('call')
`

test('the lamps are off when the station was killed', async () => {
  const { pty, giveBack } = await lendPty()
  cleanups.push(giveBack)
  const sim = startSimIndicator({ pty, profile: 'lcus-4', now: Date.now })
  const child = spawn(process.execPath, ['--input-type=module', '-e', station], {
    env: { LINE: pty.path },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  await untilSignal(sim, 'call')
  child.kill('SIGKILL')
  await untilSignal(sim, 'off')
})

test('the single lamp of a small board is lit to call staff', async () => {
  const { sim, indicator } = await makeRig('lcus-1')
  indicator.show('call')
  await vi.waitFor(() => expect(sim.state().channels).toEqual([true]), patienceMs)
})

test('the bytes are those of the sellers’ data sheets', () => {
  expect(Buffer.from(bytesToShow(indicatorProfiles['lcus-1'], 'call')).toString('hex')).toBe('a00101a2')
  expect(Buffer.from(bytesToShow(indicatorProfiles['lcus-1'], 'off')).toString('hex')).toBe('a00100a1')
  for (const { channels } of Object.values(indicatorProfiles)) {
    for (const [at, { on, off }] of channels.entries()) {
      expect(on).toEqual([0xa0, at + 1, 1, 0xa0 + at + 2])
      expect(off).toEqual([0xa0, at + 1, 0, 0xa0 + at + 1])
    }
  }
})
