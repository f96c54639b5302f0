import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { lockFolder } from './centre-lock.ts'
import { clusterRootFor } from './cluster-place.ts'
import { appRole, type DatabaseAddress } from './database.ts'
import { findPgBinaries, type PgBinaries } from './pg-binaries.ts'
import { type Postmaster, type PostmasterPlace, startPostmaster, stopLeftoverPostmaster } from './postmaster.ts'
import { giveTo, runAs, type UnprivilegedUser, unprivilegedUser } from './unprivileged-user.ts'

/** What the managed PostgreSQL needs to know. */
export interface ManagedPostgresConfig {
  dataDir: string
  pgBinDir?: string | undefined
  onEvent: (event: ManagedPostgresEvent) => void
}

/** What happens to the managed PostgreSQL, for the log. */
export type ManagedPostgresEvent =
  | { kind: 'found'; binaries: PgBinaries; clusterRoot: string }
  | { kind: 'created' }
  | { kind: 'leftover-stopped' }
  | { kind: 'ready'; pid: number }
  | { kind: 'died'; retryInMs: number }
  | { kind: 'restart-failed'; error: unknown; retryInMs: number }
  | { kind: 'said'; line: string }

/** A PostgreSQL of our own on a Unix socket, created when needed and restarted when it dies. */
export interface ManagedPostgres {
  address: DatabaseAddress
  /** Address of another database of the same cluster. */
  addressOf(database: string): DatabaseAddress
  /** Connects as the cluster's superuser; for making databases, never for work. */
  superuserUrl: string
  /** The server process at this moment. */
  pid(): number
  stop(): Promise<void>
}

const superuser = 'yizhan_superuser'
const migratorRole = 'yizhan_migrator'
const databaseName = 'yizhan'
/** First and longest pause before a dead server process is started again: quick for a crash, calm for a full disk. */
const firstRetryMs = 100
const longestRetryMs = 5_000

/**
 * Brings up the cluster of a data folder: finds binaries that fit it, creates it when it is not there, ends what a
 * killed centre left running, and keeps it running until `stop`. Nobody else can connect: the only socket lies in a
 * folder of mode 0700 of the user that PostgreSQL runs as.
 */
export async function startManagedPostgres(config: ManagedPostgresConfig): Promise<ManagedPostgres> {
  const user = await unprivilegedUser()
  const clusterRoot = await clusterRootFor(config.dataDir, user)
  await mkdir(clusterRoot, { recursive: true, mode: 0o755 })
  const lock = await lockFolder(clusterRoot)
  try {
    return await startLocked({ config, user, clusterRoot, release: () => lock.release() })
  } catch (error) {
    await lock.release()
    throw error
  }
}

async function startLocked(start: {
  config: ManagedPostgresConfig
  user: UnprivilegedUser | null
  clusterRoot: string
  release: () => Promise<void>
}): Promise<ManagedPostgres> {
  const { config, user, clusterRoot } = start
  const clusterDir = join(clusterRoot, 'cluster')
  const wantedMajor = await clusterMajor(clusterDir)
  const binaries = await findPgBinaries({ configured: config.pgBinDir, wantedMajor, user, copyTo: clusterRoot })
  config.onEvent({ kind: 'found', binaries, clusterRoot })
  if (wantedMajor === null) {
    await createCluster(clusterDir, binaries, user)
    config.onEvent({ kind: 'created' })
  }
  if ((await stopLeftoverPostmaster(clusterDir)) === 'stopped') config.onEvent({ kind: 'leftover-stopped' })
  const socketDir = await makeSocketDir(user)
  const onLine = (line: string) => config.onEvent({ kind: 'said', line })
  const place: PostmasterPlace = { binaries, clusterDir, socketDir, user, superuser, onLine }
  const supervised = await supervise(place, config.onEvent)
  const stop = async () => {
    await supervised.stop()
    await rm(socketDir, { recursive: true, force: true })
    await start.release()
  }
  const urlOf = (role: string, database: string) => `postgresql://${role}@${encodeURIComponent(socketDir)}/${database}`
  const addressOf = (database: string) => ({
    migratorUrl: urlOf(migratorRole, database),
    appUrl: urlOf(appRole, database),
  })
  const superuserUrl = urlOf(superuser, 'postgres')
  try {
    await prepareCluster(superuserUrl)
  } catch (error) {
    await stop()
    throw error
  }
  return { address: addressOf(databaseName), addressOf, superuserUrl, pid: supervised.pid, stop }
}

async function clusterMajor(clusterDir: string): Promise<number | null> {
  const version = await readFile(join(clusterDir, 'PG_VERSION'), 'utf8').catch(() => null)
  return version === null ? null : Number.parseInt(version, 10)
}

async function createCluster(clusterDir: string, binaries: PgBinaries, user: UnprivilegedUser | null): Promise<void> {
  // What an initdb that was killed half-way left behind has no PG_VERSION of a finished cluster and holds no data.
  const draftDir = `${clusterDir}.draft`
  await rm(draftDir, { recursive: true, force: true })
  await mkdir(draftDir, { mode: 0o700 })
  await giveTo(draftDir, user)
  const args = ['--encoding=UTF8', '--locale=C', '--lc-ctype=C.UTF-8', '--data-checksums', '--auth-local=trust']
  await runAs(user, join(binaries.binDir, 'initdb'), [
    ...args,
    '--auth-host=reject',
    `--username=${superuser}`,
    `--pgdata=${draftDir}`,
  ])
  await rename(draftDir, clusterDir)
}

/** A short path: the name of a Unix socket must stay below 108 bytes (unix(7)). */
async function makeSocketDir(user: UnprivilegedUser | null): Promise<string> {
  const parent = Buffer.byteLength(tmpdir()) <= 60 ? tmpdir() : '/tmp'
  const socketDir = await mkdtemp(join(parent, 'yz-pg-'))
  await giveTo(socketDir, user)
  return socketDir
}

async function supervise(
  place: PostmasterPlace,
  onEvent: ManagedPostgresConfig['onEvent'],
): Promise<{ pid(): number; stop(): Promise<void> }> {
  let stopping = false
  let postmaster: Postmaster = await startPostmaster(place)
  onEvent({ kind: 'ready', pid: postmaster.pid })
  const stopSignal = new AbortController()
  const restart = async (): Promise<Postmaster | null> => {
    for (let retryInMs = firstRetryMs; !stopping; retryInMs = Math.min(retryInMs * 2, longestRetryMs)) {
      await sleep(retryInMs, undefined, { signal: stopSignal.signal }).catch(() => undefined)
      if (stopping) return null
      try {
        return await startPostmaster(place)
      } catch (error) {
        onEvent({ kind: 'restart-failed', error, retryInMs })
      }
    }
    return null
  }
  const watch = async () => {
    while (!stopping) {
      await postmaster.ended
      if (stopping) return
      onEvent({ kind: 'died', retryInMs: firstRetryMs })
      const next = await restart()
      if (next === null) return
      postmaster = next
      onEvent({ kind: 'ready', pid: postmaster.pid })
    }
  }
  const watching = watch()
  return {
    pid: () => postmaster.pid,
    async stop() {
      stopping = true
      stopSignal.abort()
      await postmaster.stop()
      await watching
    },
  }
}

async function prepareCluster(superuserUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: superuserUrl })
  await client.connect()
  try {
    await proveEncoding(client)
    for (const role of [migratorRole, appRole]) {
      const { rowCount } = await client.query('select from pg_roles where rolname = $1', [role])
      if (rowCount === 0) await client.query(`create role ${role} login nosuperuser nobypassrls`)
    }
    await client.query(`grant ${appRole} to ${migratorRole}`)
    const { rowCount } = await client.query('select from pg_database where datname = $1', [databaseName])
    if (rowCount === 0) await client.query(`create database ${databaseName} owner ${migratorRole}`)
  } finally {
    await client.end()
  }
}

/** Chinese search and case rules depend on UTF-8 with the C.UTF-8 character classes; a look at a real query proves it. */
async function proveEncoding(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ fits: boolean }>(`
    select current_setting('server_encoding') = 'UTF8' and current_setting('data_checksums') = 'on'
      and '张' ~ '^\\w$' and upper('é') = 'É' as fits`)
  if (rows[0]?.fits !== true) {
    throw new Error('postgres-encoding-wrong: the cluster is not UTF8 with lc_ctype C.UTF-8 and data checksums')
  }
}
