import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SerialPort } from 'serialport'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { patienceMs } from '../device/test-patience.ts'
import { findPtyMaker, openPtyPair, type PtyMaker, type PtyPair } from './pty-pair.ts'

const cleanups: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function makePair(maker: PtyMaker): Promise<PtyPair> {
  const folder = await mkdtemp(join(tmpdir(), 'pty-'))
  cleanups.push(() => rm(folder, { recursive: true }))
  const pair = await openPtyPair({ path: join(folder, 'line'), maker })
  cleanups.push(() => pair.close())
  return pair
}

function openPort(path: string): Promise<SerialPort> {
  return new Promise((resolve, reject) => {
    const port = new SerialPort({ path, baudRate: 9600 }, (error) => (error ? reject(error) : resolve(port)))
  })
}

/** Socat is the nicer maker, but not on every machine; script is. */
const makers: PtyMaker[] = findPtyMaker(process.env['PATH'] ?? '') === 'socat' ? ['socat', 'script'] : ['script']

describe.each<PtyMaker>(makers)('a pseudo-terminal made by %s', (maker) => {
  test('carries every byte value both ways, unchanged', async () => {
    const pair = await makePair(maker)
    const port = await openPort(pair.path)
    const every = Uint8Array.from({ length: 256 }, (_each, value) => value)
    const near: number[] = []
    const far: number[] = []
    port.on('data', (bytes: Buffer) => near.push(...bytes))
    pair.onData((bytes) => far.push(...bytes))
    pair.write(every)
    port.write(every)
    await vi.waitFor(() => expect([near.length, far.length]).toEqual([256, 256]), patienceMs)
    expect(near).toEqual([...every])
    expect(far).toEqual([...every])
    await new Promise((resolve) => port.close(resolve))
  })

  test('outlives the driver that closes it', async () => {
    const pair = await makePair(maker)
    const first = await openPort(pair.path)
    await new Promise((resolve) => first.close(resolve))
    const second = await openPort(pair.path)
    const heard: number[] = []
    second.on('data', (bytes: Buffer) => heard.push(...bytes))
    pair.write(Uint8Array.of(0x55))
    await vi.waitFor(() => expect(heard).toEqual([0x55]), patienceMs)
    await new Promise((resolve) => second.close(resolve))
  })
})
