import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { CentreRunning } from './centre-lock.ts'
import { type ManagedPostgresEvent, startManagedPostgres } from './managed-postgres.ts'

let dataDir: string
const events: ManagedPostgresEvent[] = []
const kinds = () => events.map(({ kind }) => kind).filter((kind) => kind !== 'said')
const start = (pgBinDir?: string) => startManagedPostgres({ dataDir, pgBinDir, onEvent: (event) => events.push(event) })

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'yizhan-managed-'))
  await chmod(dataDir, 0o755)
  events.length = 0
})
afterEach(() => rm(dataDir, { recursive: true, force: true }))

async function query<Row extends pg.QueryResultRow>(url: string, text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Row>(text)).rows
  } finally {
    await client.end()
  }
}

test('a cluster is made once, keeps its rows over a stop, and is refused to a second centre by name', async () => {
  const first = await start()
  await query(first.address.migratorUrl, "create table kept (word text); insert into kept values ('张䶮')")
  await expect(start()).rejects.toThrow(CentreRunning)
  await expect(start()).rejects.toThrow(`another centre is running on this folder (pid ${process.pid})`)
  await first.stop()
  const second = await start()
  expect(await query(second.address.migratorUrl, 'select word from kept')).toEqual([{ word: '张䶮' }])
  await second.stop()
  expect(kinds().filter((kind) => kind === 'created')).toHaveLength(1)
})

test('a server process that is killed is started again and has lost nothing', async () => {
  const managed = await start()
  await query(managed.address.migratorUrl, 'create table kept (n int); insert into kept values (1)')
  const killed = managed.pid()
  process.kill(killed, 'SIGKILL')
  while (managed.pid() === killed) await sleep(20)
  expect(await query(managed.address.migratorUrl, 'select n from kept')).toEqual([{ n: 1 }])
  expect(kinds()).toEqual(expect.arrayContaining(['died']))
  await managed.stop()
})

test('the server process of a centre that was killed is ended by the next start, which finds every row', async () => {
  const script = `
    const { startManagedPostgres } = await import(process.argv[1])
    const managed = await startManagedPostgres({ dataDir: process.argv[2], onEvent: () => undefined })
    process.stdout.write(JSON.stringify({ pid: managed.pid(), url: managed.address.migratorUrl }) + '\\n')
    setInterval(() => undefined, 1000)`
  const module = fileURLToPath(new URL('managed-postgres.ts', import.meta.url))
  const args = ['--input-type=module', '--eval', script, module, dataDir]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = await once(child.stdout, 'data')
  const { pid, url } = JSON.parse(String(line))
  await query(url, 'create table kept (n int); insert into kept values (7)')
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(await readFile(`/proc/${pid}/cmdline`, 'utf8')).toContain('postgres')
  const next = await start()
  expect(kinds()).toContain('leftover-stopped')
  expect(await query(next.address.migratorUrl, 'select n from kept')).toEqual([{ n: 7 }])
  await next.stop()
})

test('data of another PostgreSQL version is refused by name and left as it is', async () => {
  const managed = await start()
  await managed.stop()
  const found = events.find((event) => event.kind === 'found')
  const versionFile = join(found?.clusterRoot ?? '', 'cluster', 'PG_VERSION')
  await writeFile(versionFile, '12\n')
  await expect(start()).rejects.toThrow(/postgres-version-mismatch: the data was made by PostgreSQL 12/)
  expect(await readFile(versionFile, 'utf8')).toBe('12\n')
})

test('a configured folder without PostgreSQL is refused by name, whatever else is installed', async () => {
  const empty = join(dataDir, 'empty')
  await mkdir(empty)
  await expect(start(empty)).rejects.toThrow('postgres-missing: no usable PostgreSQL in the configured folder')
})

test('nobody can reach the server over the network, and its socket lies in a folder of its own user', async () => {
  const managed = await start()
  const rows = await query<{ name: string; setting: string }>(
    managed.superuserUrl,
    "select name, setting from pg_settings where name in ('listen_addresses', 'unix_socket_permissions', 'fsync', 'data_checksums', 'server_encoding', 'lc_ctype')",
  )
  expect(Object.fromEntries(rows.map(({ name, setting }) => [name, setting]))).toMatchObject({
    listen_addresses: '',
    unix_socket_permissions: '0700',
    fsync: 'on',
    data_checksums: 'on',
    server_encoding: 'UTF8',
  })
  await managed.stop()
})
