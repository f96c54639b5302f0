import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { whyNoAddon } from '../card/pcsc-capability.ts'
import { startSimPcscd } from '../sim/sim-pcscd.ts'
import { hospitalCard } from '../sim/virtual-card.ts'
import { patienceMs } from './test-patience.ts'

const printerModule = new URL('../printing/supervised-printer.ts', import.meta.url).href

const readerModule = new URL('../card/supervised-card-reader.ts', import.meta.url).href
const noAddon = await whyNoAddon()

/** A station that starts one printer and says the process id of its driver. */
const station = `
  const { startPrinter } = await import(${JSON.stringify(printerModule)})
  const link = { kind: 'tcp', host: '127.0.0.1', port: 9 }
  startPrinter({ deviceId: 'printer-1', profile: 'epson-80', link }, {
    now: Date.now,
    log: (record) => { if (record.event === 'driver-started') process.stdout.write(String(record.pid)) },
  })
`

/** A station that starts the card readers by the native package, and says their driver's process id, then each word of a card. */
const cardStation = `
  const { startCardReader } = await import(${JSON.stringify(readerModule)})
  startCardReader({ deviceId: 'card-1', backend: 'pcsclite', socketPath: process.env.SOCKET }, {
    now: Date.now,
    log: (record) => { if (record.event === 'driver-started') process.stdout.write(String(record.pid)) },
  }).onCard((news) => process.stdout.write(' ' + news.kind))
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
  await vi.waitFor(() => expect(isAlive(driverPid)).toBe(false), patienceMs)
})

test.skipIf(noAddon !== undefined)(
  `a driver process whose native call hangs ends with its station too${noAddon === undefined ? '' : ` (skipped: ${noAddon})`}`,
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hung-driver-'))
    const pcscd = await startSimPcscd({ socketPath: join(folder, 'pcscd.comm') })
    const reader = 'Test Reader 00 00'
    pcscd.attachReader(reader)
    pcscd.setFault(reader, { kind: 'hang' })
    pcscd.insert(reader, hospitalCard({ cardNumber: 'YZ00012345' }))
    const child = spawn(process.execPath, ['--input-type=module', '-e', cardStation], {
      env: { SOCKET: pcscd.socketPath },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let said = ''
    child.stdout.on('data', (bytes: Buffer) => {
      said += bytes.toString()
    })
    await vi.waitFor(() => expect(said).toContain('card-inserted'), { timeout: patienceMs, interval: 10 })
    // The exchange has begun by then, and its own deadline of a second is not over.
    await sleep(300)
    const driverPid = Number.parseInt(said, 10)
    child.kill('SIGKILL')
    try {
      await vi.waitFor(() => expect(isAlive(driverPid)).toBe(false), patienceMs)
    } finally {
      if (isAlive(driverPid)) process.kill(driverPid, 'SIGKILL')
      await pcscd.stop()
      await rm(folder, { recursive: true })
    }
  },
)
