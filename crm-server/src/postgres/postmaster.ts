import { type ChildProcess, spawn } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { PgBinaries } from './pg-binaries.ts'
import { spawnAs, type UnprivilegedUser } from './unprivileged-user.ts'

/** What a PostgreSQL server process is started with. */
export interface PostmasterPlace {
  binaries: PgBinaries
  clusterDir: string
  socketDir: string
  user: UnprivilegedUser | null
  superuser: string
  onLine: (line: string) => void
}

/** A running PostgreSQL server process. */
export interface Postmaster {
  pid: number
  /** Resolves when the process has ended, for whatever reason. */
  ended: Promise<void>
  /** Ends it in fast mode: sessions are cut, everything committed is kept. */
  stop(): Promise<void>
}

/** Crash recovery replays the write-ahead log first; a gigabyte of it takes about a minute on a slow disk. */
const readyWithinMs = 180_000
/** Fast shutdown writes one checkpoint; after this long the disk is stuck and the process is ended hard. */
const stopWithinMs = 60_000

/**
 * Terse errors and no statements in the log: details such as "Key (phone)=(…)" would carry patient data into it.
 * `idle_in_transaction_session_timeout`: one stuck writer would hold back every station's feed.
 */
const settings = [
  'listen_addresses=',
  'unix_socket_permissions=0700',
  'max_connections=60',
  'timezone=UTC',
  'log_timezone=UTC',
  'log_error_verbosity=terse',
  'log_min_error_statement=panic',
  'idle_in_transaction_session_timeout=30s',
  'jit=off',
]

/** Starts the server process and waits until it answers a query. */
export async function startPostmaster(place: PostmasterPlace): Promise<Postmaster> {
  const args = ['-D', place.clusterDir, '-k', place.socketDir, ...settings.flatMap((setting) => ['-c', setting])]
  const child = spawn(join(place.binaries.binDir, 'postgres'), args, {
    ...spawnAs(place.user),
    stdio: ['ignore', 'ignore', 'pipe'],
    // A Ctrl-C in the terminal reaches the whole process group; the centre decides itself when its database goes.
    detached: true,
  })
  const ended = new Promise<void>((resolve, reject) => {
    child.once('exit', () => resolve())
    child.once('error', reject)
  })
  if (child.stderr !== null) createInterface({ input: child.stderr }).on('line', place.onLine)
  await waitUntilReady(child, ended, place)
  return { pid: child.pid ?? 0, ended, stop: () => stopChild(child, ended) }
}

async function waitUntilReady(child: ChildProcess, ended: Promise<void>, place: PostmasterPlace): Promise<void> {
  let over = false
  const noteEnd = ended.then(() => {
    over = true
  })
  const deadline = Date.now() + readyWithinMs
  while (!(await answers(place))) {
    if (child.pid === undefined) await noteEnd
    if (over) throw new Error('PostgreSQL ended before it was ready')
    if (Date.now() > deadline) {
      await stopChild(child, ended)
      throw new Error(`PostgreSQL was not ready within ${readyWithinMs / 1000} seconds`)
    }
    await sleep(25)
  }
}

async function answers({ socketDir, superuser }: PostmasterPlace): Promise<boolean> {
  const client = new pg.Client({ host: socketDir, user: superuser, database: 'postgres' })
  client.on('error', () => undefined)
  return await client
    .connect()
    .then(() => client.query('select 1'))
    .then(
      () => true,
      () => false,
    )
    .finally(() => client.end().catch(() => undefined))
}

async function stopChild(child: ChildProcess, ended: Promise<void>): Promise<void> {
  child.kill('SIGINT')
  const late = setTimeout(() => child.kill('SIGQUIT'), stopWithinMs)
  await ended.finally(() => clearTimeout(late))
}

/**
 * Ends a server process that a killed centre left behind on this cluster, and removes its socket folder. The caller
 * holds the folder's lock, so no living centre owns it.
 */
export async function stopLeftoverPostmaster(clusterDir: string): Promise<'none' | 'stopped'> {
  const lines = await readFile(join(clusterDir, 'postmaster.pid'), 'utf8').then(
    (text) => text.split('\n'),
    () => [],
  )
  const [pidLine, , , , socketDir] = lines
  const pid = Number(pidLine)
  const wasRunning = Number.isInteger(pid) && pid > 1 && (await isServerOf(pid, clusterDir))
  if (wasRunning) {
    process.kill(pid, 'SIGINT')
    const deadline = Date.now() + stopWithinMs
    while (await isServerOf(pid, clusterDir)) {
      if (Date.now() > deadline) throw new Error(`PostgreSQL (pid ${pid}) of an earlier centre does not stop`)
      await sleep(25)
    }
  }
  if (socketDir?.includes('/yz-pg-')) await rm(socketDir, { recursive: true, force: true })
  return wasRunning ? 'stopped' : 'none'
}

async function isServerOf(pid: number, clusterDir: string): Promise<boolean> {
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  return command.split('\0').includes(clusterDir)
}
