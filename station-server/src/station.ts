import { createHmac } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { getRequestListener } from '@hono/node-server'
import type { CardIdentifier } from '@yizhan/contracts/card'
import type { PrintJobView } from '@yizhan/contracts/printing'
import type { HealthListener } from '@yizhan/device-drivers/device/health-log'
import { hospitalCalendar } from '@yizhan/rules/working-time/hospital-time'
import { cardHashes } from './check-in/card-hash.ts'
import { checkInProcedures } from './check-in/check-in-procedures.ts'
import { CredentialInbox } from './check-in/credential-inbox.ts'
import { takeCredentials } from './check-in/credential-intake.ts'
import { createEcQueryDecoder } from './check-in/ec-query-decoder.ts'
import { PatientSessions } from './check-in/patient-session.ts'
import { takeTypedScans } from './check-in/typed-scan-intake.ts'
import { routeCredentials } from './device/credential-routing.ts'
import { startDeviceChanges } from './device/device-changes.ts'
import { type StationDevices, startDevices } from './device/station-devices.ts'
import { readBuildId } from './http/build-id.ts'
import { type KioskSocket, openKioskSocket } from './http/kiosk-socket.ts'
import { openLaunchGate } from './http/launch-token.ts'
import { closeServer, listenOnLoopback } from './http/listening.ts'
import { loopbackHosts } from './http/loopback-guard.ts'
import { createStationApp } from './http/station-app.ts'
import { loadOrMakeIdentity } from './identity/station-identity.ts'
import { startPrintLoop, troubleOf } from './printing/print-loop.ts'
import { hasLeasedNumbers } from './queue/number-blocks.ts'
import { CentreReach } from './station/centre-reach.ts'
import { CentreTime } from './station/centre-time.ts'
import { startHousekeeping } from './station/housekeeping.ts'
import { noteAdmission } from './station/revocation.ts'
import type { StationLog } from './station/station-log.ts'
import { readStationPlace } from './station/station-place.ts'
import { drawStationView } from './station/station-view.ts'
import type { StationConfig } from './station-config.ts'
import { watchDiskRoom } from './storage/ballast.ts'
import { readMeta } from './storage/meta.ts'
import { markCorrupt, openOrRebuild } from './storage/rebuild.ts'
import type { StationDb } from './storage/station-db.ts'
import { BatchSize } from './sync/batch-size.ts'
import { createCentreClient } from './sync/centre-client.ts'
import { type CentreLink, startCentreLink } from './sync/centre-link.ts'
import { createRequestCounter } from './sync/request-counter.ts'

/** A running station. */
export interface Station {
  /** Where its screen is served, `http://127.0.0.1:7610`. */
  url: string
  stop(): Promise<void>
}

/** What a station is given to run with. */
export interface StationDeps {
  log: StationLog
  now: () => number
  /** Told when the first byte of a slip has left for the printer; the bench measures by it. */
  onFirstByte?: (jobId: string, atMs: number) => void
  /** Told when a damaged page was met and noted: the process should end, its next start rebuilds the database. */
  onCorrupt?: () => void
}

/** The version that the station reports. */
const appVersion = '0.1.0'
const migrationsFolder = fileURLToPath(new URL('../migrations', import.meta.url))
/** A booking made a moment ago is worth a short wait for the centre; a patient notices more than a second. */
const refreshPatienceMs = 1200

/** Starts a station: database, devices, print loop, screen, and the link to the centre. Ready when it resolves. */
export async function createStation(config: StationConfig, deps: StationDeps): Promise<Station> {
  const ground = layGround(config, deps)
  const [{ db, reach }, { log, now }] = [ground, deps]
  const server = createServer((request, response) => listener(request, response))
  const served = { hosts: loopbackHosts(config.port) }
  const socket = openKioskSocket(server, ground.gate, () => served.hosts)
  const onChangesWritten = () => centreLink.tellDevicesSoon()
  const inputs = startInputs(config, deps, ground, { socket, onHealth: () => pushView(), onChangesWritten })
  const { devices } = inputs
  const drawView = () => drawStationView({ ...ground.view, healthOf: devices.healthOf, centre: () => reach.state })
  const pushView = () => socket.push('station-changed', drawView())
  reach.listen(pushView)
  const printLoop = startPrintLoop({
    db,
    printer: devices.printer,
    now,
    log,
    onJobChanged: (view) => tellOfPrintJob(view, socket, centreLink),
    ...(deps.onFirstByte === undefined ? {} : { onFirstByte: deps.onFirstByte }),
  })
  const onChanged = () => {
    pushView()
    printLoop.obeyStaff()
  }
  const centreLink = linkToCentre(config, deps, ground, { devices, onChanged })
  const checkIn = checkInProcedures({
    db,
    sessions: new PatientSessions(now),
    inbox: inputs.inbox,
    decoder: config.decoder === null ? null : createEcQueryDecoder(config.decoder, log),
    takeTypedScan: inputs.takeTypedScan,
    limitKey: ground.keyFor('guess-limit'),
    refreshFeed: () => centreLink.refresh(refreshPatienceMs),
    now,
    onCommitted: () => {
      printLoop.wake()
      centreLink.sendSoon()
    },
    isCentreReachable: () => reach.state.reachable,
    isRevoked: () => readMeta(db.sql, 'revoked') !== null,
    printerTrouble: () => troubleOf(devices.printer.health()),
    onLeft: (bookingIds) => printLoop.giveUpWaiting(bookingIds),
  })
  const numbered = latch(() => !reach.state.reachable || hasNumbersToday(db, now))
  const app = createStationApp({
    gate: ground.gate,
    hosts: () => served.hosts,
    staticFolder: config.staticFolder,
    drawView,
    checkIn,
    isReady: () => drawView().outOfService === null && numbered(),
    log,
  })
  const listener = getRequestListener(app.fetch)
  const housekeeping = startHousekeeping({ ...config, ...ground, ...ground.identity, log, onRoomChanged: pushView })
  const port = await listenOnLoopback(server, config.port)
  served.hosts = loopbackHosts(port)
  log.info({ port, stationId: ground.identity.stationId }, 'station ready')
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      socket.close()
      await closeServer(server)
      // The drivers end before the loop that waits for them: a slip under way is settled by evidence at the next start.
      await Promise.all([centreLink.stop(), housekeeping.stop(), devices.stop(), printLoop.stop()])
      await inputs.changes.stop()
      await db.close()
    },
  }
}

/** What everything else stands on: who the station is, its database, the gate of its screen, the state of its network. */
function layGround(config: StationConfig, deps: StationDeps) {
  const { now } = deps
  mkdirSync(config.dataFolder, { recursive: true, mode: 0o700 })
  const identity = loadOrMakeIdentity(config.dataFolder, now)
  const keyFor = (use: string) => createHmac('sha256', identity.databaseKey).update(use).digest()
  const db = openDatabase(config, identity.databaseKey, deps)
  const freeBytes = async () => {
    const disk = await statfs(config.dataFolder)
    return disk.bavail * disk.bsize
  }
  const room = watchDiskRoom(config.dataFolder, { freeBytes, isFull: () => db.isFull() })
  return {
    identity,
    keyFor,
    db,
    room,
    gate: openLaunchGate({ tokenFile: config.launchTokenFile, key: keyFor('launch'), reusable: config.demo }),
    reach: new CentreReach(now),
    centreTime: new CentreTime(db, () => performance.now()),
    startedAt: now(),
    view: {
      db,
      stationId: identity.stationId,
      buildId: readBuildId(config.staticFolder),
      now,
      storageFull: () => db.isFull() || room.isTight(),
    },
  }
}

/** Opens the database, rebuilt from what still reads when it is damaged; damage met later ends the station, to be rebuilt. */
function openDatabase({ dataFolder, copyFolder }: StationConfig, key: Uint8Array, deps: StationDeps): StationDb {
  const { log, now } = deps
  const onCorrupt = (error: unknown) => {
    markCorrupt(dataFolder, now())
    log.error({ error: String(error) }, 'the database is damaged; the next start rebuilds it')
    deps.onCorrupt?.()
  }
  const { db, rebuilt } = openOrRebuild({ folder: dataFolder, copyFolder, key, migrationsFolder, now, onCorrupt })
  if (rebuilt !== null) log.error(rebuilt, 'the database was damaged and has been rebuilt')
  return db
}

/**
 * The devices, and where what is done at them goes: to the patient at the screen, or to whoever has claimed `credentials`, as a
 * readiness run does.
 */
function startInputs(
  config: StationConfig,
  { log, now }: StationDeps,
  { db }: ReturnType<typeof layGround>,
  told: { socket: KioskSocket; onHealth: () => void; onChangesWritten: () => void },
) {
  const inbox = new CredentialInbox(now)
  const hashesOf = (identifiers: readonly CardIdentifier[]) => cardHashes(db.sql, identifiers)
  const credentials = routeCredentials(takeCredentials({ inbox, push: told.socket.push, hashesOf }))
  const logDriver = (record: object) => log.info(record, 'driver')
  const changes = startDeviceChanges({ db, now, log, onWritten: told.onChangesWritten })
  const onHealth: HealthListener = (health, source) => {
    changes.note(health, source)
    told.onHealth()
  }
  const devices = startDevices(config.devices, { log: logDriver, now, onHealth, onInput: credentials.take })
  const takeTypedScan = takeTypedScans(config.devices.scanner !== null, credentials.take)
  return { inbox, credentials, devices, changes, takeTypedScan }
}

function linkToCentre(
  config: StationConfig,
  { log, now }: StationDeps,
  { identity, db, reach, centreTime, startedAt }: ReturnType<typeof layGround>,
  { devices, onChanged }: { devices: StationDevices; onChanged: () => void },
): CentreLink {
  const onReachable = (reachable: boolean) => reach.note(reachable)
  const signing = {
    centreUrl: config.centreUrl,
    tenantId: config.tenantId,
    stationId: identity.stationId,
    signingKey: identity.signingKey,
    nextCounter: createRequestCounter(db, now),
  }
  const stopping = new AbortController()
  const hangUp = () => stopping.abort()
  const onAdmitted = noteAdmission(db, log, now, onChanged)
  const centre = createCentreClient({ ...signing, now, onReachable, onAdmitted, stopping: stopping.signal })
  const report = { db, dataFolder: config.dataFolder, appVersion, startedAt, devices: () => devices.healths(), now }
  const link = { db, centre, centreTime, batchSize: new BatchSize(), now, log, appVersion, report, signing }
  const isReachable = () => reach.state.reachable
  return startCentreLink({ ...link, isReachable, onReachable, onChanged, hangUp })
}

/** The screen hears of every change of a slip at once, staff of a slip in trouble before the next report is due. */
function tellOfPrintJob(view: PrintJobView, socket: KioskSocket, centreLink: CentreLink): void {
  socket.push('print-job-changed', view)
  centreLink.sendSoon()
  if (view.state === 'held' || view.state === 'failed' || view.reason !== undefined) centreLink.reportSoon()
}

/** Whether a queue number of today is at hand; the first minute after a start should not give out fallback numbers. */
function hasNumbersToday(db: StationDb, now: () => number): boolean {
  const place = readStationPlace(db.sql)
  return place !== null && hasLeasedNumbers(db.sql, hospitalCalendar(place.hospital.zone).dayOf(now()))
}

/** True for good once `holds` has been true. */
function latch(holds: () => boolean): () => boolean {
  let held = false
  return () => {
    held ||= holds()
    return held
  }
}
