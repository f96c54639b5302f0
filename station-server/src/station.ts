import { createServer } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { RPCHandler } from '@orpc/server/fetch'
import type { CardIdentifier } from '@yizhan/contracts/card'
import type { DeviceHealth } from '@yizhan/contracts/device'
import type { PrintJobView } from '@yizhan/contracts/printing'
import type { StationView } from '@yizhan/contracts/station'
import type { WipeOrder } from '@yizhan/contracts/station-order'
import type { HealthListener } from '@yizhan/device-drivers/device/health-log'
import { hospitalCalendar } from '@yizhan/rules/working-time/hospital-time'
import { Attachments, stationQuota } from './attachment/attachment.ts'
import { attachmentProcedures } from './attachment/attachment-procedures.ts'
import { cardHashes } from './check-in/card-hash.ts'
import { checkInProcedures } from './check-in/check-in-procedures.ts'
import { CredentialInbox } from './check-in/credential-inbox.ts'
import { takeCredentials } from './check-in/credential-intake.ts'
import { createEcQueryDecoder } from './check-in/ec-query-decoder.ts'
import { PatientSessions } from './check-in/patient-session.ts'
import { takeTypedScans } from './check-in/typed-scan-intake.ts'
import { routeCredentials } from './device/credential-routing.ts'
import { type DeviceCare, startDeviceCare } from './device/device-care.ts'
import { startDeviceChanges } from './device/device-changes.ts'
import { readinessProcedures } from './device/readiness-procedures.ts'
import { startDevices } from './device/station-devices.ts'
import { type KioskSocket, openKioskSocket } from './http/kiosk-socket.ts'
import { closeServer, listenOnLoopback } from './http/listening.ts'
import { loopbackHosts } from './http/loopback-guard.ts'
import { createStationApp, stationRouter } from './http/station-app.ts'
import { type PrintLoop, startPrintLoop, troubleOf } from './printing/print-loop.ts'
import { hasLeasedNumbers } from './queue/number-blocks.ts'
import { ReceiptDrawer } from './receipt/receipt-drawer.ts'
import { connectToCentre } from './station/centre-connection.ts'
import { startHousekeeping } from './station/housekeeping.ts'
import { layGround, type StationGround } from './station/station-ground.ts'
import type { StationLog } from './station/station-log.ts'
import { readStationPlace } from './station/station-place.ts'
import { drawStationView } from './station/station-view.ts'
import type { StationConfig } from './station-config.ts'
import { readMeta } from './storage/meta.ts'
import type { StationDb } from './storage/station-db.ts'
import type { CentreLink } from './sync/centre-link.ts'

/** A running station. */
export interface Station {
  /** Where its screen is served, `http://127.0.0.1:7610`. */
  url: string
  stop(): Promise<void>
}

/** What a station is given to run with. */
export interface StationDeps {
  /** The key of the database where the identity alone does not give it: the *strict* profile. */
  databaseKey?: Uint8Array
  /** True where a damaged database is rebuilt by whoever starts the station: it is then told by DatabaseDamaged. */
  rebuildsAside?: boolean
  log: StationLog
  now: () => number
  /** Asks how much room the disk of a folder has; the system is asked where none is given. */
  freeBytes?: (folder: string) => Promise<number>
  /** Told when the first byte of a slip has left for the printer; the bench measures by it. */
  onFirstByte?: (jobId: string, atMs: number) => void
  /** Told when a damaged page was met and noted: the process should end, its next start rebuilds the database. */
  onCorrupt?: () => void
  /** Told that the station could not go on: the process should end and be started again. */
  onBroken?: (error: unknown) => void
  /** Told that the centre has ordered to destroy what this station holds; whoever started it stops it and does so. */
  onWipeOrdered?: (order: WipeOrder) => void
  /** Told when the battery is about to give out: the station should stop, while it still can. */
  onPowerEnding?: () => void
}

/** A booking made a moment ago is worth a short wait for the centre; a patient notices more than a second. */
const refreshPatienceMs = 1200

/** Starts a station: database, devices, print loop, screen, and the link to the centre. Ready when it resolves. */
export async function createStation(config: StationConfig, deps: StationDeps): Promise<Station> {
  const ground = layGround(config, deps)
  const [{ db, reach }, { log, now }] = [ground, deps]
  const server = createServer((request, response) => listener(request, response))
  const served = { hosts: loopbackHosts(config.port) }
  const socket = openKioskSocket(server, ground.gate, () => served.hosts)
  const onHealth = (health: DeviceHealth) => {
    care.see(health)
    pushView()
  }
  const onChangesWritten = () => centreLink.tellDevicesSoon()
  const inputs = startInputs(config, deps, ground, { socket, onHealth, onChangesWritten })
  const { devices } = inputs
  const sessions = new PatientSessions(now)
  const power = { powerFailing: () => care.isPowerFailing() }
  const pairing = () => centreLink.pairing.view()
  const drawView = () => drawStationView({ ...ground.view, ...devices, ...power, pairing, centre: () => reach.state })
  const pushView = () => {
    const view = drawView()
    socket.push('station-changed', view)
    care.follow(view)
  }
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
  const { onWipeOrdered: onWipe = () => undefined } = deps
  const isPatientServed = () => sessions.isAnyoneServed()
  const centreLink = connectToCentre(config, ground, { log, now, devices, onChanged, onWipe, isPatientServed })
  const attachments = keepAttachments(deps, ground, { sessions, onFinished: () => centreLink.sendAttachmentsSoon() })
  const care = lookAfterDevices(deps, ground, { inputs, sessions, printLoop, centreLink, socket, pushView })
  const checkIn = openCheckIn(config, deps, ground, { inputs, sessions, printLoop, centreLink, care, attachments })
  const numbered = latch(() => !reach.state.reachable || hasNumbersToday(db, now))
  const app = createStationApp({
    gate: ground.gate,
    hosts: () => served.hosts,
    staticFolder: config.staticFolder,
    calls: screenCalls({ drawView, checkIn, care, attachments, sessions }),
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
      await care.stop()
      await Promise.all([centreLink.stop(), housekeeping.stop(), devices.stop(), printLoop.stop()])
      await inputs.changes.stop()
      ground.witness.close(db.sql)
      attachments.close()
      await db.close()
    },
  }
}

/**
 * The devices, and where what is done at them goes: to the patient at the screen, or to whoever has claimed `credentials`, as a
 * readiness run does.
 */
function startInputs(
  config: StationConfig,
  { log, now }: StationDeps,
  { db }: StationGround,
  told: { socket: KioskSocket; onHealth: (health: DeviceHealth) => void; onChangesWritten: () => void },
) {
  const inbox = new CredentialInbox(now)
  const hashesOf = (identifiers: readonly CardIdentifier[]) => cardHashes(db.sql, identifiers)
  const credentials = routeCredentials(takeCredentials({ inbox, push: told.socket.push, hashesOf }))
  const logDriver = (record: object) => log.info(record, 'driver')
  const changes = startDeviceChanges({ db, now, log, onWritten: told.onChangesWritten })
  const onHealth: HealthListener = (health, source) => {
    changes.note(health, source)
    told.onHealth(health)
  }
  const devices = startDevices(config.devices, { log: logDriver, now, onHealth, onInput: credentials.take })
  const takeTypedScan = takeTypedScans(config.devices.scanner !== null, credentials.take)
  return { inbox, credentials, devices, changes, takeTypedScan }
}

/** What patients do at the screen, and who hears of it. */
function openCheckIn(
  config: StationConfig,
  { log, now }: StationDeps,
  { db, witness, reach, keyFor, view }: StationGround,
  parts: {
    inputs: ReturnType<typeof startInputs>
    sessions: PatientSessions
    printLoop: PrintLoop
    centreLink: CentreLink
    care: DeviceCare
    attachments: Attachments
  },
) {
  const { inputs, sessions, printLoop, centreLink, care, attachments } = parts
  return checkInProcedures({
    db,
    witness,
    sessions,
    ...inputs,
    decoder: config.decoder === null ? null : createEcQueryDecoder(config.decoder, log),
    limitKey: keyFor('guess-limit'),
    refreshFeed: () => centreLink.refresh(refreshPatienceMs),
    now,
    onCommitted: () => {
      printLoop.wake()
      centreLink.sendSoon()
    },
    isCentreReachable: () => reach.state.reachable,
    isPowerFailing: care.isPowerFailing,
    isStorageFull: view.storageFull,
    isRevoked: () => readMeta(db.sql, 'revoked') !== null,
    printerTrouble: () => troubleOf(inputs.devices.printer.health()),
    onLeft: (bookingIds) => {
      attachments.sweep()
      printLoop.giveUpWaiting(bookingIds)
    },
  })
}

/** Everything that the screen may call. */
function screenCalls(parts: {
  drawView: () => StationView
  checkIn: ReturnType<typeof openCheckIn>
  care: DeviceCare
  attachments: Attachments
  sessions: PatientSessions
}) {
  const { drawView, checkIn, care, attachments, sessions } = parts
  const readiness = readinessProcedures(care.readiness)
  return new RPCHandler(
    stationRouter({ drawView, checkIn, readiness, attachment: attachmentProcedures(attachments, sessions) }),
  )
}

/** What patients say or draw at the screen, until the centre has it. */
function keepAttachments(
  { now }: StationDeps,
  { db, identity, attachmentFolder, room }: StationGround,
  { sessions, onFinished }: { sessions: PatientSessions; onFinished: () => void },
): Attachments {
  return new Attachments({
    ...{ db, now, onFinished, folder: attachmentFolder, databaseKey: identity.databaseKey, quota: stationQuota },
    isDiskTight: () => room.isTight(),
    isSessionOver: (sessionId) => sessions.isOver(sessionId),
  })
}

/** The lamp, the power and the readiness check, and who hears of them. */
function lookAfterDevices(
  { log, now, onPowerEnding }: StationDeps,
  { db }: StationGround,
  parts: {
    inputs: ReturnType<typeof startInputs>
    sessions: PatientSessions
    printLoop: PrintLoop
    centreLink: CentreLink
    socket: KioskSocket
    pushView: () => void
  },
): DeviceCare {
  const { inputs, sessions, printLoop, centreLink, socket, pushView } = parts
  return startDeviceCare({
    db,
    now,
    log,
    ...inputs,
    printLoop,
    receipts: new ReceiptDrawer(),
    isPatientServed: () => sessions.isAnyoneServed(),
    onReadinessChanged: (report) => socket.push('readiness-changed', report),
    onReported: () => centreLink.sendSoon(),
    onPowerChanged: () => {
      pushView()
      centreLink.sendSoon()
      centreLink.reportSoon()
    },
    onPowerEnding: () => onPowerEnding?.(),
  })
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
