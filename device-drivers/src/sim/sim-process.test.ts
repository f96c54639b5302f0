import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test, vi } from 'vitest'
import { patienceMs } from '../device/test-patience.ts'

interface Running {
  child: ChildProcess
  address: Record<string, unknown>
  control(verb: string, args?: object): Promise<[number, unknown]>
  read(path: 'state' | 'journal'): Promise<unknown>
}

const cleanups: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

/** Starts one simulator as its own program, its serial line (if it has one) in a folder of its own. */
async function run(program: string, settings: (folder: string) => Record<string, string>): Promise<Running> {
  const folder = await mkdtemp(join(tmpdir(), 'sim-'))
  cleanups.push(() => rm(folder, { recursive: true }))
  const file = fileURLToPath(new URL(`./sim-${program}-main.ts`, import.meta.url))
  const env = { PATH: process.env['PATH'], ...settings(folder) }
  const child = spawn(process.execPath, [file], { env, stdio: ['pipe', 'pipe', 'inherit'] })
  cleanups.push(async () => {
    child.kill('SIGTERM')
    const [status] = await once(child, 'close')
    expect(status).toBe(0)
  })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const address = JSON.parse(line.toString()) as Record<string, unknown>
  const origin = `http://127.0.0.1:${address['controlPort']}`
  return {
    child,
    address,
    control: async (verb, args = {}) => {
      const headers = { 'content-type': 'application/json' }
      const answer = await fetch(`${origin}/control/${verb}`, { method: 'POST', headers, body: JSON.stringify(args) })
      return [answer.status, await answer.json()]
    },
    read: async (path) => (await fetch(`${origin}/${path}`)).json(),
  }
}

const done = [200, { done: true }]

test.each([
  ['printer', {}],
  ['printer', { SIM_PRINTER_LINK: 'line' }],
  ['scanner', {}],
  ['scanner', { SIM_SCANNER_LINK: 'line' }],
  ['id-reader', { SIM_ID_READER_LINK: 'line' }],
  ['keypad', { SIM_KEYPAD_LINK: 'line' }],
  ['indicator', { SIM_INDICATOR_LINK: 'line' }],
  ['ups', {}],
] as const)('the simulated %s %j has the faults that every device can have', async (program, settings) => {
  const sim = await run(program, (folder) =>
    Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, join(folder, value)])),
  )
  for (const verb of ['seed', 'slow', 'garbage', 'drop', 'mute']) {
    const args = { seed: 3, bytesPerS: 960, bytes: 8, ms: 1, on: true }
    expect([verb, ...(await sim.control(verb, args))]).toEqual([verb, ...done])
  }
  expect(await sim.read('state')).toMatchObject({ muted: true, attached: true, bytesPerS: 960 })
  expect(await sim.control('half')).toEqual(done)
  expect(await sim.control('unplug')).toEqual(done)
  expect(await sim.read('state')).toMatchObject({ attached: false })
  expect(await sim.control('plug-in')).toEqual(done)
  expect(await sim.control('power-off')).toEqual(done)
  expect(await sim.read('state')).toMatchObject({ powered: false })
  expect(await sim.control('power-on')).toEqual(done)
  expect(await sim.control('slow', { bytesPerS: -1 })).toEqual([422, { refusal: 'bytes-per-s-invalid' }])
  expect(await sim.control('mute', { on: 'yes' })).toEqual([422, { refusal: 'on-invalid' }])
  expect(await sim.read('journal')).toBeInstanceOf(Array)
})

test('what is particular to a device is a verb of its own', async () => {
  const printer = await run('printer', () => ({}))
  expect(await printer.control('load-paper', { mm: 100 })).toEqual(done)
  expect(await printer.control('load-paper', { mm: 0 })).toEqual([422, { refusal: 'number-invalid' }])
  expect(await printer.read('state')).toMatchObject({ paperMm: 100, nearEnd: true })
  const scanner = await run('scanner', () => ({}))
  scanner.child.stdin?.write('012345678\n')
  await vi.waitFor(async () => expect(await scanner.read('state')).toMatchObject({ scans: 1 }), patienceMs)
  expect(await scanner.control('scan', { text: '012345678' })).toEqual(done)
  expect(await scanner.read('journal')).toMatchObject([{ bytes: 10 }, { bytes: 10 }])
  const ups = await run('ups', () => ({ SIM_UPS_NAME: 'hall' }))
  expect(ups.address['upsName']).toBe('hall')
  for (const verb of ['mains-off', 'drain']) expect(await ups.control(verb)).toEqual(done)
  expect(await ups.read('state')).toMatchObject({ mains: false, chargePercent: 10 })
  const idReader = await run('id-reader', (folder) => ({ SIM_ID_READER_LINK: join(folder, 'line') }))
  expect(await idReader.control('place-card', { name: '𠮷䶮' })).toEqual(done)
  expect(await idReader.control('place-card')).toEqual([422, { refusal: 'card-lies-there' }])
})
