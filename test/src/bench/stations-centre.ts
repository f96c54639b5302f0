import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { startManagedPostgres } from '@yizhan/crm-server/postgres/managed-postgres'

/** A centre in a process of its own, on one port, that can be killed and started again over its PostgreSQL. */
export interface RestartingCentre {
  url: string
  /** The centre's database as its own role, and as superuser, who sees every hospital. */
  database: { appUrl: string; superuserUrl: string }
  /** The one-time password of the fictional hospital's administrator. */
  administrator: () => { email: string; oneTimePassword: string }
  /** Starts it; resolves when it answers. */
  start(): Promise<void>
  kill(): Promise<void>
  /** What it holds after a full collection of garbage. */
  memory(): Promise<{ usedBytes: number; residentBytes: number }>
  stop(): Promise<void>
}

const mainFile = fileURLToPath(import.meta.resolve('@yizhan/crm-server/main'))
const probeUrl = new URL('./memory-probe-main.ts', import.meta.url).href
/** Loading the sources and making the tables takes seconds, more on a busy machine. */
const readyWithinMs = 120_000

/** Starts PostgreSQL and a centre on it. */
export async function startRestartingCentre(folder: string): Promise<RestartingCentre> {
  // Run by root, the database's own user has to walk in.
  chmodSync(folder, 0o755)
  const dataFolder = join(folder, 'centre')
  mkdirSync(dataFolder, { mode: 0o755 })
  const postgres = await startManagedPostgres({ dataDir: dataFolder, onEvent: () => undefined })
  const { appUrl } = postgres.address
  const port = await freePort()
  const demoFile = join(folder, 'demo.json')
  const env = {
    ...process.env,
    CENTRE_PORT: String(port),
    CENTRE_DATA: join(dataFolder, 'own'),
    DATABASE_URL: postgres.address.migratorUrl,
    CENTRE_DEMO: '1',
    CENTRE_DEMO_FILE: demoFile,
  }
  let child: ChildProcess | null = null
  const end = async (signal: NodeJS.Signals) => {
    const ending = child
    child = null
    if (ending === null || ending.exitCode !== null) return
    const ended = once(ending, 'exit')
    ending.kill(signal)
    await ended
  }
  return {
    url: `http://127.0.0.1:${port}`,
    database: { appUrl, superuserUrl: postgres.superuserUrl.replace(/[^/]+$/, () => /[^/]+$/.exec(appUrl)?.[0] ?? '') },
    administrator: () => JSON.parse(readFileSync(demoFile, 'utf8')).admin,
    async start() {
      const stdio = ['ignore', 'pipe', 'inherit', 'ipc'] as const
      child = spawn(process.execPath, ['--expose-gc', '--import', probeUrl, mainFile], { env, stdio: [...stdio] })
      await untilAnswering(child)
    },
    kill: () => end('SIGKILL'),
    async memory() {
      if (child === null) throw new Error('the centre does not run')
      const answered = once(child, 'message')
      child.send('memory')
      const [memory] = (await answered) as [{ usedBytes: number; residentBytes: number }]
      return memory
    },
    async stop() {
      await end('SIGTERM')
      await postgres.stop()
    },
  }
}

/** The log is read on, so that the centre never waits for us. */
function untilAnswering(centre: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      centre.kill('SIGKILL')
      reject(new Error('the centre did not become ready'))
    }, readyWithinMs)
    centre.once('exit', () => {
      clearTimeout(late)
      reject(new Error('the centre ended'))
    })
    createInterface(centre.stdout as NodeJS.ReadableStream).on('line', (line) => {
      if ((JSON.parse(line) as { msg?: string }).msg !== 'the centre answers') return
      clearTimeout(late)
      resolve()
    })
  })
}

async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
