import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { childRegister } from '@yizhan/deploy/boot/leftover-children.mjs'
import { expect, onTestFinished, test } from 'vitest'
import { tempFolder } from './temp-folder.ts'

function sleeper() {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

test('what a killed boot left behind is ended by the next one', async () => {
  const dataDir = tempFolder()
  const child = sleeper()
  const ended = once(child, 'exit')
  childRegister(dataDir).add(child.pid ?? 0)
  expect(await childRegister(dataDir).endLeftovers()).toBe(1)
  await ended
  expect(await childRegister(dataDir).endLeftovers()).toBe(0)
})

test('a process that merely has the same number as an earlier child is left alone', async () => {
  const dataDir = tempFolder()
  const child = sleeper()
  const register = childRegister(dataDir)
  register.add(child.pid ?? 0)
  const file = join(dataDir, 'run/children.json')
  writeFileSync(file, readFileSync(file, 'utf8').replace(/"startedTicks":"\d+"/, '"startedTicks":"1"'))
  expect(await register.endLeftovers()).toBe(0)
  expect(child.exitCode).toBe(null)
})
