import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { tryLock, waitForLock } from '@yizhan/deploy/boot/boot-lock.mjs'
import { expect, test, vi } from 'vitest'
import { tempFolder } from './temp-folder.ts'

const lockModule = import.meta.resolve('@yizhan/deploy/boot/boot-lock.mjs')

test('one holder at a time, per purpose and folder', async () => {
  const folder = tempFolder()
  const lock = await tryLock('start', folder)
  expect(await tryLock('start', folder)).toBe(null)
  expect(await tryLock('install', folder)).not.toBe(null)
  await lock?.release()
  expect(await tryLock('start', folder)).not.toBe(null)
})

test('a holder that is killed leaves nothing that keeps the next one out', async () => {
  const folder = tempFolder()
  const script = `const { tryLock } = await import(${JSON.stringify(lockModule)})
    await tryLock('start', ${JSON.stringify(folder)}); process.stdout.write('held'); setInterval(() => {}, 1000)`
  const holder = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(holder.stdout, 'data')
  expect(await tryLock('start', folder)).toBe(null)
  const onWait = vi.fn()
  const waiting = waitForLock('start', folder, { stop: new AbortController().signal, onWait })
  holder.kill('SIGKILL')
  await (await waiting).release()
  expect(onWait.mock.calls.length).toBeLessThanOrEqual(1)
})
