import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { patienceMs } from '../device/test-patience.ts'
import { startUps } from './supervised-ups.ts'
import type { UpsNews } from './ups-status.ts'

/** Where Debian's nut-server puts its programs; without them nothing here can be tried. */
const upsdFile = '/lib/nut/upsd'
const dummyFile = '/lib/nut/dummy-ups'
const skipReason = whySkip()

function whySkip(): string | undefined {
  if (!existsSync(upsdFile) || !existsSync(dummyFile)) return 'nut-server is not installed'
  return process.getuid?.() === 0 ? undefined : 'only root may start it'
}

const cleanups: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return address.port
}

/** A NUT server with its own make-believe UPS, whose variables are the file `path`. */
async function startRealUpsd(): Promise<{
  port: number
  setVariables(lines: string[]): Promise<void>
  end(): void
}> {
  const folder = await mkdtemp(join(tmpdir(), 'nut-'))
  cleanups.push(() => rm(folder, { recursive: true }))
  const port = await freePort()
  const variables = join(folder, 'ups.dev')
  const setVariables = (lines: string[]) => writeFile(variables, `${lines.join('\n')}\n`)
  await setVariables(['ups.status: OL', 'battery.charge: 97', 'battery.runtime: 815'])
  await writeFile(join(folder, 'ups.conf'), `[ups]\ndriver = dummy-ups\nport = ${variables}\nmode = dummy-once\n`)
  await writeFile(join(folder, 'upsd.conf'), `LISTEN 127.0.0.1 ${port}\n`, { mode: 0o600 })
  await writeFile(join(folder, 'upsd.users'), '', { mode: 0o600 })
  const env = { NUT_CONFPATH: folder, NUT_STATEPATH: folder, NUT_ALTPIDPATH: folder, NUT_PIDPATH: folder }
  const run = (file: string, args: string[]): ChildProcess => {
    const child = spawn(file, args, { env, stdio: 'ignore' })
    cleanups.push(async () => {
      child.kill('SIGTERM')
      if (child.exitCode === null && child.signalCode === null) await once(child, 'close')
    })
    return child
  }
  run(dummyFile, ['-a', 'ups', '-u', 'root', '-D'])
  await vi.waitFor(() => expect(existsSync(join(folder, 'dummy-ups-ups'))).toBe(true), patienceMs)
  const upsd = run(upsdFile, ['-u', 'root', '-D'])
  return { port, setVariables, end: () => void upsd.kill('SIGTERM') }
}

const title = `NUT’s own server is understood${skipReason === undefined ? '' : ` (skipped: ${skipReason})`}`

test.skipIf(skipReason !== undefined)(title, async () => {
  const server = await startRealUpsd()
  const link = { kind: 'tcp', host: '127.0.0.1', port: server.port } as const
  const ups = startUps({ deviceId: 'ups-1', link, upsName: 'ups' }, { log: () => undefined, now: Date.now })
  cleanups.push(() => ups.stop())
  const news: UpsNews[] = []
  ups.onNews((its) => news.push(its))
  const until = (state: string, reasons: string[]) =>
    vi.waitFor(() => {
      expect(ups.health().reasons).toEqual(reasons)
      expect(news.at(-1)?.state).toBe(state)
    }, patienceMs)
  await until('mains', [])
  expect(news).toEqual([{ kind: 'power', state: 'mains', chargePercent: 97, runtimeS: 815 }])
  await server.setVariables(['ups.status: OB LB', 'battery.charge: 7', 'battery.runtime: 60'])
  await until('battery-low', ['on-battery', 'battery-low'])
  expect(news.at(-1)).toMatchObject({ chargePercent: 7, runtimeS: 60 })
  server.end()
  await until('battery-low', ['link-lost'])
})
