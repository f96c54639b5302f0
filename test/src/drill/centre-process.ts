import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type CentreDatabase, openDatabase } from '@yizhan/crm-server/postgres/database'
import { stopLeftoverPostmaster } from '@yizhan/crm-server/postgres/postmaster'

/** A centre in a process of its own, with the PostgreSQL that it starts and keeps itself. */
export interface CentreProcess {
  /** Its process; null while it is down. */
  pid(): number | null
  /** The server process of its database; null when there is none. */
  databasePid(): number | null
  /** Starts it, on the same folder and port; resolves when it answers. */
  start(): Promise<void>
  /** Ends it without a word; its database stays behind, as it does when a process is killed. */
  kill(): Promise<void>
  /** A connection to its database as it is now, for looking from beside. */
  openDatabase(): CentreDatabase
  /** Ends it in order, and whatever a kill left behind. */
  stop(): Promise<void>
}

const mainFile = fileURLToPath(import.meta.resolve('@yizhan/crm-server/main'))
/** A first start makes the cluster and the schema: seconds here, a minute on a slow disk. */
const readyWithinMs = 180_000
const stopWithinMs = 60_000

/** A centre over a folder that the user of its database can walk into; it is not started yet, `under` is a command that runs it. */
export function centreProcess(folder: string, port: number, under: readonly string[] = []): CentreProcess {
  const clusterDir = join(folder, 'postgres/cluster')
  let running: { child: ChildProcess; ended: Promise<void> } | null = null
  const kill = async (signal: NodeJS.Signals) => {
    const { child, ended } = running ?? {}
    running = null
    child?.kill(signal)
    await ended
  }
  return {
    pid: () => running?.child.pid ?? null,
    databasePid: () => Number(postmasterFile(clusterDir)[0] ?? 0) || null,
    async start() {
      running = spawnCentre(folder, port, under)
      await untilAnswering(port, running.ended)
    },
    kill: () => kill('SIGKILL'),
    openDatabase() {
      const socketDir = postmasterFile(clusterDir)[4] ?? ''
      const appUrl = `postgresql://yizhan_migrator@${encodeURIComponent(socketDir)}/yizhan`
      return openDatabase(appUrl, { maxConnections: 2, onIdleError: () => undefined })
    },
    async stop() {
      const { child } = running ?? {}
      const late = setTimeout(() => child?.kill('SIGKILL'), stopWithinMs)
      await kill('SIGTERM')
      clearTimeout(late)
      await stopLeftoverPostmaster(clusterDir)
    },
  }
}

/** A port that nobody listens on at the moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = address === null || typeof address === 'string' ? 0 : address.port
      server.close(() => resolve(port))
    })
  })
}

function spawnCentre(
  folder: string,
  port: number,
  under: readonly string[],
): { child: ChildProcess; ended: Promise<void> } {
  const [command = process.execPath, ...args] = [...under, process.execPath, mainFile]
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env['PATH'], CENTRE_PORT: String(port), CENTRE_DATA: folder },
  })
  // The log is read on, so that the centre never waits for us.
  if (child.stdout !== null) createInterface({ input: child.stdout }).on('line', () => undefined)
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  return { child, ended }
}

async function untilAnswering(port: number, ended: Promise<void>): Promise<void> {
  let over = false
  void ended.then(() => {
    over = true
  })
  const startedAt = performance.now()
  for (;;) {
    const ready = await fetch(`http://127.0.0.1:${port}/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (ready) return
    if (over) throw new Error('the centre ended before it answered')
    if (performance.now() - startedAt > readyWithinMs) throw new Error('the centre did not answer')
    await sleep(50)
  }
}

/** The lines of the file that PostgreSQL keeps while it runs: the first is its process, the fifth the folder of its socket. */
function postmasterFile(clusterDir: string): string[] {
  const path = join(clusterDir, 'postmaster.pid')
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n') : []
}
