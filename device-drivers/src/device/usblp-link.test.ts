import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { findPtyMaker, openPtyPair, type PtyPair } from '../sim/pty-pair.ts'
import { LinkFault } from './byte-link.ts'
import { patienceMs } from './test-patience.ts'
import { openUsblpLink } from './usblp-link.ts'

// The kernel's usblp needs a USB printer; a terminal is a character device too, which is read and written alike.

const cleanups: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function makePair(): Promise<PtyPair> {
  const maker = findPtyMaker(process.env['PATH'] ?? '')
  if (maker === undefined) throw new Error('neither socat nor script is installed')
  const folder = await mkdtemp(join(tmpdir(), 'usblp-'))
  cleanups.push(() => rm(folder, { recursive: true }))
  const pair = await openPtyPair({ path: join(folder, 'line'), maker })
  cleanups.push(() => pair.close())
  return pair
}

test('carries every byte value both ways, unchanged', async () => {
  const pair = await makePair()
  const every = Uint8Array.from({ length: 256 }, (_each, value) => value)
  const near: number[] = []
  const far: number[] = []
  const link = await openUsblpLink(pair, (bytes) => near.push(...bytes))
  pair.onData((bytes) => far.push(...bytes))
  pair.write(every)
  await link.write(every, { progressMs: 1000 })
  await vi.waitFor(() => expect([near.length, far.length]).toEqual([256, 256]), patienceMs)
  expect(near).toEqual([...every])
  expect(far).toEqual([...every])
  link.destroy()
  expect(await link.closed).toEqual({ fault: '' })
})

test('is over when the device is pulled out, at whatever moment, and takes no byte more', async () => {
  const pair = await makePair()
  for (let round = 0; round < 5; round += 1) {
    const link = await openUsblpLink(pair, () => undefined)
    await pair.unplug()
    expect((await link.closed).fault).not.toBe('')
    await expect(link.write(Uint8Array.of(1), { progressMs: 100 })).rejects.toThrow(LinkFault)
    await pair.plugIn()
  }
})

test('waits for a device that is full, and goes on when it has room', async () => {
  const pair = await makePair()
  const link = await openUsblpLink(pair, () => undefined)
  let heard = 0
  pair.onData((bytes) => {
    heard += bytes.length
  })
  pair.pause()
  const writing = link.write(new Uint8Array(400_000).fill(0x41), { progressMs: 10_000 })
  setTimeout(() => pair.resume(), 300)
  await writing
  await vi.waitFor(() => expect(heard).toBe(400_000), patienceMs)
  link.destroy()
  await link.closed
})

test('gives up a write that the device takes no byte of', async () => {
  const pair = await makePair()
  pair.pause()
  const link = await openUsblpLink(pair, () => undefined)
  await expect(link.write(new Uint8Array(4_000_000), { progressMs: 300 })).rejects.toThrow('no byte was taken')
  link.destroy()
  await link.closed
})

test('a path that is not there, and one that is no device, are link faults', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'usblp-'))
  cleanups.push(() => rm(folder, { recursive: true }))
  const file = join(folder, 'file')
  await writeFile(file, 'not a printer')
  await expect(openUsblpLink({ path: file }, () => undefined)).rejects.toThrow('no character device')
  await expect(openUsblpLink({ path: join(folder, 'none') }, () => undefined)).rejects.toThrow(LinkFault)
})
