import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { expect, test, vi } from 'vitest'

const printerModule = new URL('../printing/supervised-printer.ts', import.meta.url).href

/** A station that starts one printer and says the process id of its driver. */
const station = `
  const { startPrinter } = await import(${JSON.stringify(printerModule)})
  const link = { kind: 'tcp', host: '127.0.0.1', port: 9 }
  startPrinter({ deviceId: 'printer-1', profile: 'epson-80', link }, {
    now: Date.now,
    log: (record) => { if (record.event === 'driver-started') process.stdout.write(String(record.pid)) },
  })
`

/** False also for a process that has ended and whom nobody has asked for its status yet (state Z). */
function isAlive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false
    throw error
  }
}

test('a driver process ends when its station is killed', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', station], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [said] = (await once(child.stdout, 'data')) as [Buffer]
  const driverPid = Number(said.toString())
  expect(isAlive(driverPid)).toBe(true)
  child.kill('SIGKILL')
  await vi.waitFor(() => expect(isAlive(driverPid)).toBe(false), 10_000)
})
