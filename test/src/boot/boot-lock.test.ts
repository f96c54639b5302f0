import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { tryLock, waitForLock } from '@yizhan/deploy/boot/boot-lock.mjs'
import { expect, test, vi } from 'vitest'
import { tempFolder } from './temp-folder.ts'

const lockModule = import.meta.resolve('@yizhan/deploy/boot/boot-lock.mjs')

test('one holder at a time, per file', async () => {
  const folder = tempFolder()
  const [file, other] = [join(folder, '锁/start.lock'), join(folder, '锁/install.lock')]
  const lock = await tryLock(file)
  expect(await tryLock(file)).toBe(null)
  await (await tryLock(other))?.release()
  await lock?.release()
  const again = await tryLock(file)
  expect(again).not.toBe(null)
  await again?.release()
})

test('a holder that is killed leaves nothing that keeps the next one out', async () => {
  const file = join(tempFolder(), 'start.lock')
  const script = `const { tryLock } = await import(${JSON.stringify(lockModule)})
    await tryLock(${JSON.stringify(file)}); process.stdout.write('held'); setInterval(() => {}, 1000)`
  const holder = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(holder.stdout, 'data')
  expect(await tryLock(file)).toBe(null)
  const onWait = vi.fn()
  const waiting = waitForLock(file, { stop: new AbortController().signal, onWait })
  holder.kill('SIGKILL')
  await (await waiting).release()
  expect(onWait.mock.calls.length).toBeLessThanOrEqual(1)
})
