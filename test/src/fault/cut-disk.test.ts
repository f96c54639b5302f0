import { expect, test } from 'vitest'
import { seededRandom } from '../drill/seeded-random.ts'
import { CutDisk } from './cut-disk.ts'
import type { TraceEvent } from './syscall-trace.ts'

const flags = { create: true, truncate: false, append: false }
const write = (path: string, at: number | null, text: string): TraceEvent => ({
  kind: 'write',
  path,
  at,
  bytes: Buffer.from(text),
})
const sync = (path: string, covers = 1000): TraceEvent => ({ kind: 'sync', path, covers })

function diskAfter(events: readonly TraceEvent[], before: Record<string, string> = {}): CutDisk {
  const disk = new CutDisk((path) => (before[path] === undefined ? null : Buffer.from(before[path])))
  for (const [index, event] of events.entries()) disk.apply(event, index)
  return disk
}

function afterCut(events: readonly TraceEvent[], before: Record<string, string> = {}): Record<string, string | null> {
  const files = [...diskAfter(events, before).afterCut(null)]
  return Object.fromEntries(files.map(([path, bytes]) => [path, bytes === null ? null : bytes.toString()]))
}

test('a write is there once its file was synced, and what came after the sync is not', () => {
  const events = [write('/f/a', 2, 'XY'), sync('/f/a'), write('/f/a', 0, 'Z')]
  expect(afterCut(events.slice(0, 1), { '/f/a': '12345' })).toEqual({ '/f/a': '12345' })
  expect(afterCut(events, { '/f/a': '12345' })).toEqual({ '/f/a': '12XY5' })
})

test('a sync covers what had been written when it began', () => {
  const events = [write('/f/a', 0, 'A'), write('/f/a', 1, 'B'), sync('/f/a', 1)]
  expect(afterCut(events, { '/f/a': '12' })).toEqual({ '/f/a': 'A2' })
})

test('a new file is there when it and its folder were synced', () => {
  const events: TraceEvent[] = [{ kind: 'open', path: '/f/a', ...flags }, write('/f/a', null, 'one'), sync('/f/a')]
  expect(afterCut(events)).toEqual({ '/f/a': null })
  expect(afterCut([...events, sync('/f')])).toEqual({ '/f/a': 'one' })
})

test('a file that is written aside and renamed is the old one until its folder is synced', () => {
  const events: TraceEvent[] = [
    { kind: 'open', path: '/f/a.new', ...flags },
    write('/f/a.new', null, 'new'),
    sync('/f/a.new'),
    { kind: 'rename', from: '/f/a.new', to: '/f/a' },
  ]
  expect(afterCut(events, { '/f/a': 'old' })).toMatchObject({ '/f/a.new': null })
  expect(afterCut(events, { '/f/a': 'old' })['/f/a'] ?? 'old').toBe('old')
  expect(afterCut([...events, sync('/f')], { '/f/a': 'old' })).toEqual({ '/f/a': 'new', '/f/a.new': null })
})

test('a file that was made shorter, or taken away, is so once that was synced', () => {
  const shorter: TraceEvent[] = [{ kind: 'resize', path: '/f/a', length: 1 }]
  expect(afterCut(shorter, { '/f/a': '123' })).toEqual({ '/f/a': '123' })
  expect(afterCut([...shorter, sync('/f/a')], { '/f/a': '123' })).toEqual({ '/f/a': '1' })
  const gone: TraceEvent[] = [{ kind: 'unlink', path: '/f/a' }]
  expect(afterCut(gone, { '/f/a': '123' })).toEqual({ '/f/a': '123' })
  expect(afterCut([...gone, sync('/f')], { '/f/a': '123' })).toEqual({ '/f/a': null })
})

test('with a random number some unsynced writes arrive, each whole, not at all, or up to a sector', () => {
  const writes = Array.from({ length: 8 }, (_, n) => write('/f/a', n * 1024, 'x'.repeat(1024)))
  const disk = diskAfter(writes, { '/f/a': '.'.repeat(8192) })
  const random = seededRandom(3)
  const seen = new Set<number>()
  for (let cut = 0; cut < 100; cut += 1) {
    const content = disk.afterCut(random).get('/f/a')?.toString() ?? ''
    for (let n = 0; n < 8; n += 1) seen.add(content.slice(n * 1024, (n + 1) * 1024).replaceAll('.', '').length)
  }
  expect([...seen].sort((a, b) => a - b)).toEqual([0, 512, 1024])
})
