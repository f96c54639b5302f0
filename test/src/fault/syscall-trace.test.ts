import { expect, test } from 'vitest'
import { TraceReader } from './syscall-trace.ts'

const hex = (text: string) => [...Buffer.from(text)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')
const file = (number: number, path: string) => `${number}<${hex(path)}>`

function eventsOf(...lines: string[]) {
  const reader = new TraceReader('/data')
  for (const line of lines) reader.read(line)
  return reader.events
}

test('writes, syncs, names and what was said are read; what is elsewhere, or failed, is not', () => {
  const opened = `openat(AT_FDCWD<${hex('/')}>, "${hex('/data/a')}", O_RDWR|O_CREAT|O_CLOEXEC, 0666) = ${file(3, '/data/a')}`
  expect(
    eventsOf(
      `7 ${opened}`,
      `7 pwrite64(${file(3, '/data/a')}, "${hex('ab')}", 2, 4096) = 2`,
      `7 write(${file(4, '/elsewhere')}, "${hex('no')}", 2) = 2`,
      `7 writev(${file(9, 'socket:[12]')}, [{iov_base="${hex('he')}", iov_len=2}, {iov_base="${hex('llo')}", iov_len=3}], 2) = 5`,
      `7 ftruncate(${file(3, '/data/a')}, 10) = 0`,
      `7 fdatasync(${file(3, '/data/a')}) = 0`,
      `7 rename("${hex('/data/a')}", "${hex('/data/b')}") = 0`,
      `7 unlink("${hex('/data/none')}") = -1 ENOENT (No such file or directory)`,
      '7 +++ exited with 0 +++',
    ),
  ).toEqual([
    { kind: 'open', path: '/data/a', create: true, truncate: false, append: false },
    { kind: 'write', path: '/data/a', at: 4096, bytes: Buffer.from('ab') },
    { kind: 'said', bytes: Buffer.from('hello') },
    { kind: 'resize', path: '/data/a', length: 10 },
    { kind: 'sync', path: '/data/a', covers: 4 },
    { kind: 'rename', from: '/data/a', to: '/data/b' },
  ])
})

test('a sync that others interrupted covers what was written before it began', () => {
  const events = eventsOf(
    `7 write(${file(3, '/data/a')}, "${hex('a')}", 1) = 1`,
    `7 fsync(${file(3, '/data/a')} <unfinished ...>`,
    `8 write(${file(3, '/data/a')}, "${hex('b')}", 1) = 1`,
    '7 <... fsync resumed>) = 0',
  )
  expect(events.at(-1)).toEqual({ kind: 'sync', path: '/data/a', covers: 1 })
})

test('a call that cannot be replayed, or a write that was cut short, is an error and no silence', () => {
  expect(() => eventsOf(`7 fallocate(${file(3, '/data/a')}, 0, 0, 4096) = 0`)).toThrow('cannot be replayed')
  expect(() => eventsOf(`7 write(${file(3, '/data/a')}, "${hex('a')}"..., 9) = 9`)).toThrow('cut short')
})
