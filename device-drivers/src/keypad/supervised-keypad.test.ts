import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { patienceMs } from '../device/test-patience.ts'
import { lendPty, ptyMakersHere } from '../sim/lent-pty.ts'
import type { PtyMaker, PtyPair } from '../sim/pty-pair.ts'
import { type SimKeypad, startSimKeypad } from '../sim/sim-keypad.ts'
import type { KeypadProfileName } from './keypad-profile.ts'
import type { KeypadNews } from './serial-keypad.ts'
import { type SupervisedKeypad, startKeypad } from './supervised-keypad.ts'

interface Rig {
  sim: SimKeypad
  pty: PtyPair
  keypad: SupervisedKeypad
  news: KeypadNews[]
}

/** Longer than the driver takes for a bouncing contact; counted from when the press before was heard, for the driver may hear it late. */
const apartMs = 400

const cleanups: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function makeRig(profile: KeypadProfileName, maker?: PtyMaker): Promise<Rig> {
  const { pty, giveBack } = await lendPty(maker)
  cleanups.push(giveBack)
  const sim = startSimKeypad({ pty, profile, now: Date.now })
  cleanups.push(() => sim.stop())
  const link = { kind: 'serial', path: pty.path, baudRate: 9600 } as const
  const keypad = startKeypad({ deviceId: 'keypad-1', link, profile }, { log: () => undefined, now: Date.now })
  cleanups.push(() => keypad.stop())
  const news: KeypadNews[] = []
  keypad.onNews((its) => news.push(its))
  await untilHealth(keypad, 'ready')
  return { sim, pty, keypad, news }
}

function untilHealth(keypad: SupervisedKeypad, phase: string, reasons: string[] = []): Promise<void> {
  const seen = () => expect(keypad.health()).toMatchObject({ phase, reasons })
  return vi.waitFor(seen, { timeout: patienceMs, interval: 10 })
}

function untilScores(news: KeypadNews[], scores: number[]): Promise<void> {
  const seen = () => expect(news).toEqual(scores.map((score) => ({ kind: 'key-pressed', score })))
  return vi.waitFor(seen, { timeout: patienceMs, interval: 10 })
}

describe.each(ptyMakersHere())('a keypad on a line made by %s', (maker) => {
  test.each(['ascii-digits', 'framed-sum'] as const)('%s tells which key was pressed', async (profile) => {
    const { sim, news } = await makeRig(profile, maker)
    const scores = [5, 1, 3]
    for (const [at, score] of scores.entries()) {
      expect(sim.press(score)).toBe(true)
      await untilScores(news, scores.slice(0, at + 1))
      await sleep(apartMs)
    }
    expect(sim.press(6)).toBe(false)
  })

  test('that is pulled out is told, and works again when it is back', async () => {
    const { sim, pty, keypad, news } = await makeRig('ascii-digits', maker)
    await pty.unplug()
    await untilHealth(keypad, 'fault', ['link-lost'])
    await pty.plugIn()
    await untilHealth(keypad, 'ready')
    sim.press(4)
    await untilScores(news, [4])
  })
})

test('a contact that bounces and a hurried finger are one press', async () => {
  const { sim, news } = await makeRig('ascii-digits')
  for (let bounce = 0; bounce < 5; bounce += 1) sim.press(2)
  sim.press(3)
  await untilScores(news, [2])
  await sleep(apartMs)
  sim.press(5)
  await untilScores(news, [2, 5])
})

test('half a message, a wrong sum and garbage are no press, and the next press counts', async () => {
  const { sim, news } = await makeRig('framed-sum')
  sim.verbs['half']?.({})
  sim.press(1)
  await sleep(apartMs)
  sim.send(Uint8Array.of(0xaa, 0x55, 0x04, 0x00))
  sim.send(Buffer.alloc(20_000, Uint8Array.of(0xaa, 0x55, 0x1b, 0x00)))
  await sleep(apartMs)
  sim.press(5)
  await untilScores(news, [5])
})

test('a keypad whose heartbeat stays away is mute, and ready when it beats again', async () => {
  const { sim, keypad } = await makeRig('framed-sum')
  sim.verbs['mute']?.({})
  await untilHealth(keypad, 'fault', ['mute'])
  sim.verbs['mute']?.({ on: false })
  sim.press(1)
  await untilHealth(keypad, 'ready')
})
