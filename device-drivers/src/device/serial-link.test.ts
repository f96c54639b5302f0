import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { findPtyMaker, openPtyPair, type PtyMaker, type PtyPair } from '../sim/pty-pair.ts'
import { LinkFault } from './byte-link.ts'
import { openSerialLink } from './serial-link.ts'
import { patienceMs } from './test-patience.ts'

/** Socat is the nicer maker, but not on every machine; script is. */
const makers: PtyMaker[] = findPtyMaker(process.env['PATH'] ?? '') === 'socat' ? ['socat', 'script'] : ['script']

const cleanups: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function makePair(maker: PtyMaker): Promise<PtyPair> {
  const folder = await mkdtemp(join(tmpdir(), 'serial-'))
  cleanups.push(() => rm(folder, { recursive: true }))
  const pair = await openPtyPair({ path: join(folder, 'line'), maker })
  cleanups.push(() => pair.close())
  return pair
}

describe.each<PtyMaker>(makers)('a serial link over a line made by %s', (maker) => {
  test('is over when the line is pulled out, at whatever moment', async () => {
    const pair = await makePair(maker)
    for (let round = 0; round < 15; round += 1) {
      const link = await openSerialLink({ path: pair.path, baudRate: 9600 }, () => undefined)
      // The first rounds pull while the first read is under way, the later ones while the line is quiet.
      if (round >= 10) await new Promise((resolve) => setTimeout(resolve, 20))
      await pair.unplug()
      expect((await link.closed).fault).not.toBe('')
      expect(existsSync(pair.path)).toBe(false)
      await expect(link.write(Uint8Array.of(1), { progressMs: 100 })).rejects.toThrow(LinkFault)
      await pair.plugIn()
    }
  })

  test('does not deliver what came before it was opened', async () => {
    const pair = await makePair(maker)
    pair.write(Buffer.from('stale'))
    await new Promise((resolve) => setTimeout(resolve, 200))
    let heard = ''
    const link = await openSerialLink({ path: pair.path, baudRate: 9600 }, (bytes) => {
      heard += Buffer.from(bytes).toString()
    })
    pair.write(Buffer.from('fresh'))
    await vi.waitFor(() => expect(heard).toBe('fresh'), patienceMs)
    link.destroy()
    expect(await link.closed).toEqual({ fault: '' })
  })

  test('gives up a write that a device takes no byte of', async () => {
    const pair = await makePair(maker)
    pair.pause()
    const link = await openSerialLink({ path: pair.path, baudRate: 9600 }, () => undefined)
    await expect(link.write(new Uint8Array(4_000_000), { progressMs: 300 })).rejects.toThrow('no byte was taken')
    link.destroy()
    await link.closed
  })
})

test('a line that is not there is a link fault', async () => {
  const address = { path: join(tmpdir(), 'no-such-line'), baudRate: 9600 }
  await expect(openSerialLink(address, () => undefined)).rejects.toThrow(LinkFault)
})
