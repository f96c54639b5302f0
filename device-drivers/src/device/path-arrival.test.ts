import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { findPtyMaker, openPtyPair } from '../sim/pty-pair.ts'
import { startKeptLink } from './kept-link.ts'
import { watchArrival } from './path-arrival.ts'
import { patienceMs } from './test-patience.ts'

/** Longer than any test may take: only an arrival ends such a wait in time. */
const forEver = 3_600_000

const cleanups: (() => unknown)[] = []

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'arrival-'))
  cleanups.push(() => rm(folder, { recursive: true, force: true }))
  return folder
}

function makeSignal(): AbortSignal {
  const over = new AbortController()
  cleanups.push(() => over.abort())
  return over.signal
}

test('a link that appears ends the wait', async () => {
  const path = join(await makeFolder(), 'printer')
  const arrival = watchArrival({ kind: 'serial', path, baudRate: 9600 }, makeSignal())
  const waiting = arrival.wait(forEver)
  await symlink('/dev/null', path)
  await waiting
})

test('so does one whose folder comes only with it, folder by folder', async () => {
  const folder = await makeFolder()
  const path = join(folder, 'serial', 'by-id', 'usb-printer')
  const arrival = watchArrival({ kind: 'serial', path, baudRate: 9600 }, makeSignal())
  const waiting = arrival.wait(forEver)
  await mkdir(join(folder, 'serial'))
  await mkdir(join(folder, 'serial', 'by-id'))
  await symlink('/dev/null', path)
  await waiting
  await rm(join(folder, 'serial'), { recursive: true })
  arrival.forget()
  const again = arrival.wait(forEver)
  await mkdir(join(folder, 'serial', 'by-id'), { recursive: true })
  await symlink('/dev/null', path)
  await again
})

test('what arrived during an attempt to open is not missed, what came before counts no more', async () => {
  const folder = await makeFolder()
  const path = join(folder, 'lp0')
  const arrival = watchArrival({ kind: 'usblp', path }, makeSignal())
  await writeFile(path, '')
  await arrival.wait(forEver)
  await arrival.wait(forEver)
  arrival.forget()
  await writeFile(join(folder, 'lp1'), '')
  await rm(join(folder, 'lp1'))
  await arrival.wait(50)
})

test('a device that is opened again and again is opened at once when it is plugged in', async () => {
  const maker = findPtyMaker(process.env['PATH'] ?? '')
  if (maker === undefined) throw new Error('neither socat nor script is installed')
  const path = join(await makeFolder(), 'line')
  const phases: string[] = []
  let heard = ''
  const kept = startKeptLink({
    address: { kind: 'serial', path, baudRate: 9600 },
    onData: (bytes) => {
      heard += Buffer.from(bytes).toString()
    },
    onUp: () => {
      phases.push('up')
    },
    onDown: () => undefined,
    tell: ({ phase }) => phases.push(phase),
  })
  cleanups.push(() => kept.stop())
  await vi.waitFor(() => expect(phases).toContain('absent'), patienceMs)
  const pty = await openPtyPair({ path, maker })
  cleanups.push(() => pty.close())
  await vi.waitFor(() => expect(phases.at(-1)).toBe('up'), patienceMs)
  pty.write(Buffer.from('A'))
  await vi.waitFor(() => expect(heard).toContain('A'), patienceMs)
})
