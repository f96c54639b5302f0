import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { demoTenantId } from '@yizhan/crm-server/demo/demo-hospital'
import { startManagedPostgres } from '@yizhan/crm-server/postgres/managed-postgres'
import { loadOrMakeIdentity, publicIdentity } from '@yizhan/station-server/identity/station-identity'
import pg from 'pg'

/** A centre in a process of its own, with the fictional hospital and one station that it knows. */
export interface BenchCentre {
  url: string
  tenantId: string
  /** Folder of the identity of the station that is enrolled. */
  stationFolder: string
  /** Folder of the centre's keys. */
  keysFolder: string
  /** The same PostgreSQL that the centre works on: as the owner of its tables, as its own role, and as superuser. */
  database: { migratorUrl: string; appUrl: string; superuserUrl: string }
  /** The centre itself and the PostgreSQL server, whose own children do its work. */
  pids: { centre: number; postgres: number }
  stop(): Promise<void>
}

const mainFile = fileURLToPath(import.meta.resolve('@yizhan/crm-server/main'))
/** Loading the sources and making the tables takes seconds, more on a busy machine. */
const readyWithinMs = 120_000

/** Starts PostgreSQL as an embedded centre does and the centre's `main.ts` on it; both end with `stop`. */
export async function startBenchCentre(folder: string): Promise<BenchCentre> {
  // Run by root, the database's own user has to walk in.
  chmodSync(folder, 0o755)
  const [dataFolder, stationFolder] = [join(folder, 'centre'), join(folder, 'station')]
  mkdirSync(dataFolder, { mode: 0o755 })
  const stationKeyFile = join(folder, 'station-key.json')
  writeFileSync(stationKeyFile, JSON.stringify(publicIdentity(loadOrMakeIdentity(stationFolder, Date.now))))
  const postgres = await startManagedPostgres({ dataDir: dataFolder, onEvent: () => undefined })
  const settings = {
    CENTRE_PORT: '0',
    CENTRE_DATA: join(dataFolder, 'own'),
    DATABASE_URL: postgres.address.migratorUrl,
    CENTRE_DEMO: '1',
    CENTRE_DEMO_STATION_KEY: stationKeyFile,
  }
  try {
    const centre = spawn(process.execPath, [mainFile], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, ...settings },
    })
    const ended = new Promise<void>((resolve) => centre.once('exit', () => resolve()))
    const url = await readUrl(centre)
    return {
      url,
      tenantId: demoTenantId,
      stationFolder,
      keysFolder: join(settings.CENTRE_DATA, 'keys'),
      database: { ...postgres.address, superuserUrl: postgres.superuserUrl },
      pids: { centre: centre.pid ?? 0, postgres: postgres.pid() },
      async stop() {
        centre.kill('SIGTERM')
        await ended
        await postgres.stop()
      },
    }
  } catch (error) {
    await postgres.stop()
    throw error
  }
}

/** Calls every stored event applied, so that what comes next is not measured beside a projector that is busy for minutes. */
export async function settleInbox({ database, tenantId }: BenchCentre): Promise<void> {
  const client = new pg.Client({
    connectionString: database.migratorUrl,
    options: `-c app.tenant_id=${tenantId}`,
  })
  await client.connect()
  try {
    await client.query(`update inbox set state = 'applied' where state = 'pending'`)
  } finally {
    await client.end()
  }
}

/** The address that the centre's log names once it answers. The log is read on, so that the centre never waits for us. */
function readUrl(centre: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (why: string) => {
      centre.kill('SIGKILL')
      reject(new Error(why))
    }
    const late = setTimeout(() => fail('the centre did not become ready'), readyWithinMs)
    centre.once('exit', () => reject(new Error('the centre ended before it was ready')))
    createInterface(centre.stdout as NodeJS.ReadableStream).on('line', (line) => {
      const { msg, url } = JSON.parse(line) as { msg?: string; url?: string }
      if (msg !== 'the centre answers' || url === undefined) return
      clearTimeout(late)
      resolve(url)
    })
  })
}
