import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { getRequestListener } from '@hono/node-server'
import type { pino } from 'pino'
import { type Access, createAccess } from './access/access.ts'
import type { PasswordProfile } from './access/password-policy.ts'
import { startAuditCheck } from './audit/audit-check.ts'
import { startAuditSealing } from './audit/audit-sealing.ts'
import { auditWitness } from './audit/audit-witness.ts'
import { startBackgroundWork } from './background-work.ts'
import { startDemo } from './demo/demo-seed.ts'
import { startSilenceWatch } from './fleet/silence-watch.ts'
import type { SilenceRule } from './fleet/standing-alarm.ts'
import { createCentreApp } from './http/centre-app.ts'
import { faultFields } from './http/fault-fields.ts'
import { startLiveSockets } from './http/live-sockets.ts'
import { installJobs } from './job/job-schema.ts'
import { lockFolder } from './postgres/centre-lock.ts'
import { type CentreDatabase, type DatabaseAddress, openDatabase } from './postgres/database.ts'
import { startManagedPostgres } from './postgres/managed-postgres.ts'
import { migrate, readMigrations } from './postgres/migration.ts'
import { replayErasures } from './retention/erasure.ts'
import { erasureList } from './retention/erasure-list.ts'
import { startRetention } from './retention/retention.ts'
import { createAdmission } from './sync/admission.ts'
import { startDoorbell } from './sync/bell.ts'
import { noticeRestores } from './sync/centre-restore.ts'
import type { ProjectorFailure } from './sync/event-portion.ts'
import { type LeaseWitness, openLeaseWitness } from './sync/lease-witness.ts'
import { startProjector } from './sync/projector.ts'
import { startStormWindow } from './sync/storm-window.ts'
import { startKeySettling } from './tenant/field-key-rotation.ts'
import { type KeyRing, openKeyRing } from './tenant/key-ring.ts'
import { lookUpHospital } from './tenant/tenant.ts'

/** Everything that can be set about a centre. */
export interface CentreConfig {
  /** 0 takes any free port. */
  port: number
  host: string
  /** Folder of keys, lock and, unless `databaseUrl` is given, the database. */
  dataDir: string
  /** An external PostgreSQL; its role must be able to create tables and the role that the centre works as. */
  databaseUrl?: string | undefined
  /** Folder of `initdb` and `postgres`; left out, they are looked for. */
  pgBinDir?: string | undefined
  staticDir?: string | undefined
  publicHost?: string | undefined
  /** Exact addresses of proxies whose X-Forwarded-For is believed; left out, nobody's is. */
  trustedProxies?: readonly string[] | undefined
  /** Which rules passwords of staff follow; left out, those of OWASP ASVS. */
  passwordProfile?: PasswordProfile | undefined
  /** After which silence of a station staff are alarmed; left out, the usual one. */
  silenceRule?: SilenceRule | undefined
  /** The fictional hospital; left out, there is none. */
  demo?: { file?: string | undefined; stationKeyFile?: string | undefined } | undefined
  log: pino.Logger
  now?: () => number
}

/** A running centre. */
export interface Centre {
  url: string
  /** The database that it works on, for those who look at it from beside: tests and drills. */
  database: DatabaseAddress
  stop(): Promise<void>
}

const migrationsFolder = fileURLToPath(new URL('../migrations', import.meta.url))
/**
 * Of PostgreSQL's 60: leaves room for sign-in's ten, the listener, a second node and an administrator. Stations have their own, so
 * that a storm of them cannot take those of the people at the desk, nor of the loops.
 */
const poolSizes = { people: 8, stations: 12 }

/** Starts a centre and resolves when it answers; what was started is stopped again when a later step fails. */
export async function createCentre(config: CentreConfig): Promise<Centre> {
  const started = new StartedParts()
  try {
    return await startParts(config, started)
  } catch (error) {
    await started.stop()
    throw error
  }
}

/** Remembers how to stop what was started, and does so in reverse. */
class StartedParts {
  readonly #stops: (() => Promise<void>)[] = []

  add(stop: () => Promise<void>): void {
    this.#stops.push(stop)
  }

  async stop(): Promise<void> {
    for (const stop of this.#stops.splice(0).reverse()) await stop()
  }
}

async function startParts(config: CentreConfig, started: StartedParts): Promise<Centre> {
  const { log, now = Date.now } = config
  const dataDir = resolve(config.dataDir)
  await mkdir(dataDir, { recursive: true, mode: 0o755 })
  const lock = await lockFolder(dataDir)
  started.add(() => lock.release())
  const address = await databaseAddress({ ...config, dataDir }, started)
  const applied = await migrate(address.migratorUrl, await readMigrations(migrationsFolder))
  await installJobs(address.migratorUrl)
  log.info({ applied }, 'the database is up to date')
  const onIdleError = (error: Error) => log.warn(faultFields(error), 'a database connection broke')
  const database = openDatabase(address.appUrl, { maxConnections: poolSizes.people, onIdleError })
  started.add(() => database.close())
  const forStations = { maxConnections: poolSizes.stations, onIdleError, prepared: true as const }
  const stationDatabase = openDatabase(address.appUrl, forStations)
  started.add(() => stationDatabase.close())
  const keys = await openKeyRing(join(dataDir, 'keys'))
  const access = openAccess(config, { address, database, keys, dataDir })
  started.add(() => access.close())
  const onFault = (error: unknown) => log.error(faultFields(error), 'a loop failed and goes on')
  const witness = await openLeaseWitness(dataDir)
  for (const tenantId of await noticeRestores(database.db, witness, now())) {
    log.error(
      { tenantId },
      'the centre was put back to an older copy: leases wait until every station has told its numbers',
    )
  }
  const list = erasureList(join(dataDir, 'keys/erasures.jsonl'))
  const replayed = await replayErasures({ db: database.db, list }, now())
  if (replayed > 0) log.warn({ replayed }, 'persons whom an older copy had brought back were erased again')
  const parts: Parts = { witness, address, database, stationDatabase, keys, access, now, onFault }
  if (config.demo !== undefined) {
    const demo = await startDemo({ ...config.demo, db: database.db, keys, access, now, onFault })
    started.add(() => demo.stop())
  }
  const url = await serve(config, started, parts)
  log.info({ url }, 'the centre answers')
  return { url, database: address, stop: () => started.stop() }
}

interface Parts {
  witness: LeaseWitness
  address: DatabaseAddress
  database: CentreDatabase
  stationDatabase: CentreDatabase
  keys: KeyRing
  access: Access
  now: () => number
  onFault: (error: unknown) => void
}

async function databaseAddress(config: CentreConfig, started: StartedParts): Promise<DatabaseAddress> {
  const { databaseUrl, dataDir, pgBinDir, log } = config
  if (databaseUrl !== undefined) return { migratorUrl: databaseUrl, appUrl: databaseUrl }
  const managed = await startManagedPostgres({
    dataDir,
    pgBinDir,
    onEvent: (event) => {
      if (event.kind === 'said') log.debug({ postgres: event.line })
      else if (event.kind === 'restart-failed') log.error({ ...event, error: faultFields(event.error) }, 'database')
      else log.info(event, 'database')
    },
  })
  started.add(() => managed.stop())
  return managed.address
}

function openAccess(
  { publicHost, passwordProfile, log, now = Date.now }: CentreConfig,
  { address, database, keys, dataDir }: Pick<Parts, 'address' | 'database' | 'keys'> & { dataDir: string },
): Access {
  return createAccess({
    appUrl: address.appUrl,
    db: database.db,
    now,
    keysFolder: join(dataDir, 'keys'),
    // Pages are served by this same server, whatever its port; only a public name must be known beforehand.
    origins: [publicHost === undefined ? 'http://127.0.0.1' : `https://${publicHost}`],
    secret: keys.sessionSecret,
    passwordProfile,
    onFault: () => log.error('sign-in failed by a fault'),
    hospitalOf: (tenantId) => lookUpHospital(database.db, tenantId),
  })
}

/** Longer than the 60 s of common proxies: a connection is closed by the side that sends, so no request crosses the closing. */
const keptConnectionMs = 65_000

/** Starts answering and the loops behind it; resolves to the address once the port is open. */
async function serve(config: CentreConfig, started: StartedParts, parts: Parts): Promise<string> {
  const { database, access, now, onFault } = parts
  const { db } = database
  const stations = startStationService(started, parts)
  const app = createCentreApp({ ...config, ...parts, db, stations, isReady: () => answers(database) })
  const server = createServer(getRequestListener(app.fetch, { overrideGlobalObjects: false }))
  server.keepAliveTimeout = keptConnectionMs
  const sockets = startLiveSockets({ ...config, server, stations, access, now, onFault })
  started.add(() => sockets.stop())
  const onFailure = ({ error, ...event }: ProjectorFailure) =>
    config.log.error({ ...event, ...faultFields(error) }, 'a reported event could not be applied')
  const projector = startProjector({ db: parts.stationDatabase.db, now, onFailure, onFault })
  started.add(() => projector.stop())
  startAuditLoops(config, started, parts)
  const retention = startRetention({ db, now, onFault })
  started.add(() => retention.stop())
  const settling = startKeySettling({
    db,
    keys: parts.keys,
    onBroken: (places) =>
      config.log.error(
        { places: places.map(({ table, column, rowId }) => ({ table, column, rowId })) },
        'a sealed value does not open',
      ),
    onFault,
  })
  started.add(() => settling.stop())
  const background = await startBackgroundWork({ appUrl: parts.address.appUrl, db, log: config.log, now, onFault })
  started.add(() => background.stop())
  const doorbell = startDoorbell({
    url: parts.address.appUrl,
    onRing: (ring) => {
      sockets.ring(ring)
      if (ring.bell === 'inbox') projector.wake()
      if (ring.bell === 'events') background.wake()
    },
    onForeignRing: () => config.log.warn('a notification that is no ring of the centre was ignored'),
    onConnect: () => {
      projector.wake()
      background.wake()
    },
    onBroken: onFault,
  })
  started.add(() => doorbell.stop())
  server.listen(config.port, config.host)
  await once(server, 'listening')
  // Before the sockets close the server takes no new ones, and only without them is it really closed.
  started.add(() => closeServer(server, () => sockets.stop()))
  const { port } = server.address() as AddressInfo
  return `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`
}

/** Seals the audit trail and walks over its chain once a day. */
function startAuditLoops({ log, dataDir }: CentreConfig, started: StartedParts, parts: Parts): void {
  const { database, keys, now, onFault } = parts
  const deps = { db: database.db, keys, now, onFault, witness: auditWitness(join(resolve(dataDir), 'keys')) }
  const sealing = startAuditSealing(deps)
  started.add(() => sealing.stop())
  const check = startAuditCheck({
    ...deps,
    onWrong: (tenantId, { findings }) => log.error({ tenantId, findings }, 'the audit trail is not what it was'),
  })
  started.add(() => check.stop())
}

/** What serves stations, and watches over those that have fallen silent. */
function startStationService(started: StartedParts, { database, stationDatabase, witness, now, onFault }: Parts) {
  const window = startStormWindow({ db: database.db, onFault })
  started.add(() => window.stop())
  const silence = startSilenceWatch({ db: database.db, now, onFault })
  started.add(() => silence.stop())
  return {
    db: stationDatabase.db,
    witness,
    admission: createAdmission(Math.random),
    stormWindowMs: window.currentMs,
    onReport: silence.heard,
  }
}

async function answers({ pool }: CentreDatabase): Promise<boolean> {
  return await pool.query('select 1').then(
    () => true,
    () => false,
  )
}

async function closeServer(server: Server, closeSockets: () => Promise<void>): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  await closeSockets()
  server.closeAllConnections()
  await closed
}
