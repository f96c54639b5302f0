import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { choosePorts } from '@yizhan/deploy/boot/free-port.mjs'
import { startSupervisedChild } from '@yizhan/deploy/boot/supervised-child.mjs'
import { statusOf } from '@yizhan/deploy/boot/web-answer.mjs'
import { patienceMs } from '@yizhan/device-drivers/device/test-patience'
import { expect, onTestFinished, test, vi } from 'vitest'
import { tempFolder } from './temp-folder.ts'

/** Serves 200, writes its pid and that of a process it starts, and dies or lingers as its first argument says. */
const standIn = `
const { spawn } = require('node:child_process')
const { writeFileSync } = require('node:fs')
const [, , manner, port, folder] = process.argv
if (manner === 'broken') { console.error('no such table: 签到'); process.exit(3) }
const grandchild = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
writeFileSync(folder + '/pids', process.pid + ' ' + grandchild.pid)
require('node:http').createServer((_, answer) => answer.end('ok')).listen(Number(port), '127.0.0.1')
process.on('SIGUSR2', () => process.exit(75))
process.on('SIGTERM', () => { writeFileSync(folder + '/asked', ''); process.exit(0) })
`

async function setting() {
  const folder = tempFolder()
  const script = join(folder, '替身 child.cjs')
  writeFileSync(script, standIn)
  const { port } = await choosePorts({ port: 23_610 })
  const said: string[] = []
  const stopping = new AbortController()
  const url = `http://127.0.0.1:${port}/`
  const spec = (manner: string) => ({
    name: 'child',
    what: 'the stand-in',
    args: [script, manner, String(port), folder],
    settings: {},
    readyUrl: url,
  })
  const deps = {
    node: process.execPath,
    root: folder,
    env: process.env,
    logFile: join(folder, 'logs/child.log'),
    stop: stopping.signal,
    say: (line: string) => void said.push(line),
    onSpawn: () => undefined,
    onUpAgain: () => undefined,
    times: { backOffMs: [10], upWithinMs: 20_000 },
  }
  const pids = () => readFileSync(join(folder, 'pids'), 'utf8').split(' ').map(Number)
  const childPid = () => {
    const [pid] = pids()
    // To a signal, 0 would mean all of the test's own process group.
    if (pid === undefined || pid === 0) throw new Error('the child has not written its number')
    return pid
  }
  return { folder, said, url, spec, deps, pids, childPid }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (error instanceof Error) return false
    throw error
  }
  // A zombie still takes signals; its state letter tells (proc(5)).
  return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
}

test('a stopped child is asked first, and what it started is gone too', async () => {
  const { folder, url, spec, deps, pids } = await setting()
  const child = await startSupervisedChild(spec('good'), deps)
  expect(await statusOf(url)).toBe(200)
  await child.stop()
  expect(existsSync(join(folder, 'asked'))).toBe(true)
  await vi.waitFor(() => expect(pids().filter(isAlive)).toEqual([]), patienceMs)
})

test('a child that dies before it was up fails the start, with its last words', async () => {
  const { spec, deps } = await setting()
  await expect(startSupervisedChild(spec('broken'), deps)).rejects.toThrow(
    /stand-in ended .*exit 3.*no such table: 签到/s,
  )
})

test('a child that dies later is named, cleared away and started again', async () => {
  const { said, url, spec, deps, pids, childPid } = await setting()
  const child = await startSupervisedChild(spec('good'), deps)
  onTestFinished(() => child.stop())
  const first = pids()
  process.kill(childPid(), 'SIGKILL')
  await vi.waitFor(() => expect(said).toContain('the stand-in is up again'), patienceMs)
  expect(said[0]).toMatch(/the stand-in stopped by itself \(SIGKILL\)/)
  expect(await statusOf(url)).toBe(200)
  expect(pids()[0]).not.toBe(first[0])
  expect(first.filter(isAlive)).toEqual([])
})

test('a child that stopped on purpose is not hurried: it rests, and its deaths are not counted', async () => {
  const { said, spec, deps, childPid } = await setting()
  const child = await startSupervisedChild(spec('good'), { ...deps, times: { ...deps.times, restMs: 20 } })
  onTestFinished(() => child.stop())
  process.kill(childPid(), 'SIGUSR2')
  await vi.waitFor(() => expect(said).toContain('the stand-in is up again'), patienceMs)
  expect(said[0]).toMatch(/the stand-in stopped on purpose/)
  expect(said[1]).toMatch(/again in 0\.02 s/)
})
