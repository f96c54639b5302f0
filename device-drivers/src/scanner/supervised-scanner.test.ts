import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test, vi } from 'vitest'
import type { LinkAddress } from '../device/byte-link.ts'
import { patienceMs } from '../device/test-patience.ts'
import { findPtyMaker, openPtyPair, type PtyPair } from '../sim/pty-pair.ts'
import { type SimScanner, startPtySimScanner, startTcpSimScanner } from '../sim/sim-scanner.ts'
import type { Scan } from './scan-framer.ts'
import { type SupervisedScanner, startScanner } from './supervised-scanner.ts'

interface Rig {
  sim: SimScanner
  scanner: SupervisedScanner
  scans: Scan[]
  /** Everything that was logged, as text. */
  logged: () => string
}

const cleanups: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function makePty(): Promise<PtyPair> {
  const maker = findPtyMaker(process.env['PATH'] ?? '')
  if (maker === undefined) throw new Error('neither socat nor script is installed')
  const folder = await mkdtemp(join(tmpdir(), 'scanner-'))
  cleanups.push(() => rm(folder, { recursive: true }))
  const pty = await openPtyPair({ path: join(folder, 'line'), maker })
  cleanups.push(() => pty.close())
  return pty
}

async function drive(sim: SimScanner, link: LinkAddress): Promise<Rig> {
  const records: object[] = []
  const deps = { log: (record: object) => records.push(record), now: Date.now }
  const scanner = startScanner({ deviceId: 'scanner-1', link }, deps)
  cleanups.push(() => scanner.stop())
  const scans: Scan[] = []
  scanner.onScan((scan) => scans.push(scan))
  await untilPhase(scanner, 'ready')
  return { sim, scanner, scans, logged: () => JSON.stringify(records) }
}

async function makeSerialRig(): Promise<Rig & { pty: PtyPair }> {
  const pty = await makePty()
  const rig = await drive(startPtySimScanner(pty), { kind: 'serial', path: pty.path, baudRate: 9600 })
  return { ...rig, pty }
}

function untilPhase(scanner: SupervisedScanner, phase: string): Promise<void> {
  return vi.waitFor(() => expect(scanner.health().phase).toBe(phase), { timeout: patienceMs, interval: 10 })
}

function untilScans(scans: Scan[], count: number): Promise<void> {
  return vi.waitFor(() => expect(scans).toHaveLength(count), { timeout: patienceMs, interval: 10 })
}

test('a code scanned on a serial line arrives as text', async () => {
  const { sim, scans } = await makeSerialRig()
  sim.scan('YZ1.张䶮')
  await untilScans(scans, 1)
  expect(scans).toEqual([{ ok: true, text: 'YZ1.张䶮' }])
})

test('a code scanned over TCP arrives as text', async () => {
  const sim = await startTcpSimScanner(0)
  cleanups.push(() => sim.stop())
  const { scans } = await drive(sim, { kind: 'tcp', host: '127.0.0.1', port: sim.port })
  await vi.waitFor(() => {
    sim.scan('012345678')
    expect(scans).not.toHaveLength(0)
  }, patienceMs)
  expect(scans[0]).toEqual({ ok: true, text: '012345678' })
})

test('a code that comes in pieces is one code, and one that stops in the middle is refused', async () => {
  const { sim, scans } = await makeSerialRig()
  sim.send(Buffer.from('0123'))
  sim.send(Buffer.from('45678\r'))
  await untilScans(scans, 1)
  sim.send(Buffer.from('9999'))
  await untilScans(scans, 2)
  sim.scan('111222333')
  await untilScans(scans, 3)
  expect(scans).toEqual([
    { ok: true, text: '012345678' },
    { ok: false, refusal: 'unreadable' },
    { ok: true, text: '111222333' },
  ])
})

test('garbage and codes past 4 KB are refused, and nothing of them is logged', async () => {
  const { sim, scans, logged } = await makeSerialRig()
  sim.send(Buffer.from([0x53, 0xff, 0xfe, 0x0d]))
  await untilScans(scans, 1)
  sim.send(Buffer.from('CANARY'.repeat(900)))
  await untilScans(scans, 2)
  // What is left of it ends with a pause of the line, 100 ms to the driver, which nothing tells.
  await sleep(1500)
  sim.scan('\x1dCANARY\x00')
  await untilScans(scans, 3)
  sim.scan('CANARY-012345678')
  await untilScans(scans, 4)
  expect(scans).toEqual([
    { ok: false, refusal: 'unreadable' },
    { ok: false, refusal: 'too-long' },
    { ok: false, refusal: 'control-characters' },
    { ok: true, text: 'CANARY-012345678' },
  ])
  expect(logged()).not.toContain('CANARY')
})

test('a code held before the scanner is reported once', async () => {
  const { sim, scans } = await makeSerialRig()
  for (let reading = 0; reading < 5; reading += 1) sim.scan('012345678')
  sim.scan('876543210')
  await untilScans(scans, 2)
  expect(scans).toEqual([
    { ok: true, text: '012345678' },
    { ok: true, text: '876543210' },
  ])
})

test('a scanner pulled out is told, and reads again when it is back', async () => {
  const { sim, scanner, scans, pty } = await makeSerialRig()
  await pty.unplug()
  await untilPhase(scanner, 'fault')
  expect(scanner.health().reasons).toEqual(['link-lost'])
  await pty.plugIn()
  await untilPhase(scanner, 'ready')
  sim.scan('012345678')
  await untilScans(scans, 1)
})
