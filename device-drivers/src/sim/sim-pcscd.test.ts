import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { DirectPcsc } from '../card/direct-pcsc.ts'
import { encodeMessage, encodeWords, pcscdCommands } from '../card/pcsc-wire.ts'
import { patienceMs } from '../device/test-patience.ts'
import { echoCard } from './echo-card.ts'
import { startSimPcscd } from './sim-pcscd.ts'

const cleanups: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sim-pcscd-'))
  cleanups.push(() => rm(folder, { recursive: true }))
  return folder
}

async function startSim() {
  const sim = await startSimPcscd({ socketPath: join(await temporaryFolder(), 'comm'), now: () => 5 })
  cleanups.push(() => sim.stop())
  return sim
}

test('a hand cannot do what a hand cannot do', async () => {
  const sim = await startSim()
  expect(sim.attachReader('A')).toBe(true)
  expect(sim.attachReader('A')).toBe(false)
  expect(sim.attachReader('')).toBe(false)
  expect(sim.attachReader('x'.repeat(128))).toBe(false)
  expect(sim.insert('B', echoCard({ serial: 1 }))).toBe(false)
  expect(sim.insert('A', echoCard({ serial: 1 }))).toBe(true)
  expect(sim.insert('A', echoCard({ serial: 2 }))).toBe(false)
  expect(sim.remove('A')).toBe(true)
  expect(sim.remove('A')).toBe(false)
  expect(sim.detachReader('A')).toBe(true)
  expect(sim.detachReader('A')).toBe(false)
  for (let place = 0; place < 16; place += 1) expect(sim.attachReader(`reader ${place}`)).toBe(true)
  expect(sim.attachReader('one too many')).toBe(false)
})

test('the journal and the counters tell what a client did', async () => {
  const sim = await startSim()
  sim.attachReader('A')
  sim.insert('A', echoCard({ serial: 1 }))
  const limits = { timeoutMs: 5000 }
  const session = await new DirectPcsc({ socketPath: sim.socketPath }).connect('A', limits)
  await session.transmit(Uint8Array.of(0xff, 0xca, 0, 0, 0), limits)
  await session.close()
  expect(sim.journal().map(({ event, detail }) => [event, detail ?? ''])).toEqual([
    ['attached', ''],
    ['inserted', ''],
    ['connected', ''],
    ['apdu', 'ffca000000'],
  ])
  expect(sim.state()).toMatchObject({ alive: true, counters: { connects: 1, apdus: 1, deaths: 0 } })
})

test.each([
  { what: 'a structure of the wrong size', message: encodeMessage(pcscdCommands.connect, encodeWords(1, 2)) },
  { what: 'a command that there is not', message: encodeMessage(0x77, encodeWords()) },
  { what: 'a handle of somebody else', message: encodeMessage(pcscdCommands.status, encodeWords(77, 0)) },
])('it hangs up on a client that sends $what, as pcscd does', async ({ message }) => {
  const sim = await startSim()
  const client = connect({ path: sim.socketPath })
  client.write(message)
  client.resume()
  await once(client, 'close')
  await expect.poll(() => sim.state().clients, { timeout: patienceMs }).toBe(0)
})

test('it runs as a program of its own with a control port', async () => {
  const socketPath = join(await temporaryFolder(), 'comm')
  const file = fileURLToPath(new URL('./sim-pcscd-main.ts', import.meta.url))
  const child = spawn(process.execPath, [file], {
    env: { SIM_PCSCD_SOCKET: socketPath },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  cleanups.push(async () => {
    child.kill('SIGTERM')
    await once(child, 'close')
  })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const { controlPort } = JSON.parse(line.toString()) as { controlPort: number }
  const control = async (verb: string, args: object) => {
    const answer = await fetch(`http://127.0.0.1:${controlPort}/control/${verb}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(args),
    })
    return answer.status
  }
  const reader = 'Sim Contact Reader'
  const cards = async () => (await new DirectPcsc({ socketPath }).audit()).map(({ card }) => card)
  expect(await control('insert', { reader, kind: 'hospital' })).toBe(200)
  expect(await control('insert', { reader, kind: 'hospital' })).toBe(422)
  expect(await cards()).toEqual(['present', 'absent'])
  expect(await control('fault', { reader, fault: 'slow', ms: 5 })).toBe(200)
  expect(await control('fault', { reader, fault: 'slow' })).toBe(422)
  expect(await control('remove', { reader })).toBe(200)
  expect(await control('die', {})).toBe(200)
  await expect(cards()).rejects.toThrow('daemon-down')
  expect(await control('revive', {})).toBe(200)
  expect(await cards()).toEqual(['absent', 'absent'])
})
