import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { WipeOrder } from '@yizhan/contracts/station-order'
import type { StationDevices } from '../device/station-devices.ts'
import { createPairingWatch, type PairingWatch } from '../pairing/pairing-watch.ts'
import type { StationConfig } from '../station-config.ts'
import { readMeta } from '../storage/meta.ts'
import { BatchSize } from '../sync/batch-size.ts'
import { createCentreClient } from '../sync/centre-client.ts'
import { type CentreLink, startCentreLink } from '../sync/centre-link.ts'
import { createCentreReturn, readStormWindow } from '../sync/centre-return.ts'
import { ReadAhead } from '../sync/prepared-upload.ts'
import { createRequestCounter } from '../sync/request-counter.ts'
import type { StationGround } from './station-ground.ts'
import type { StationLog } from './station-log.ts'
import { noteStanding } from './station-standing.ts'

/** The version that the station reports. */
const appVersion = '0.1.0'

/** The station's way to its centre: the link that an enrolled station has, and the asking of one that nobody knows. */
export interface CentreConnection extends CentreLink {
  pairing: PairingWatch
}

/** What the connection tells of. */
interface ConnectionDeps {
  log: StationLog
  now: () => number
  devices: Pick<StationDevices, 'healths'>
  /** Told when there is something new to act on or to show. */
  onChanged: () => void
  /** Told to destroy what this station holds. */
  onWipe: (order: WipeOrder) => void
  /** Whether somebody stands at the screen: a backlog then goes up more slowly. */
  isPatientServed: () => boolean
}

/** Starts whatever talks to the centre. A machine that the centre does not know begins to ask for its pairing by itself. */
export function connectToCentre(
  config: Pick<StationConfig, 'centreUrl' | 'tenantId' | 'dataFolder'>,
  ground: Pick<StationGround, 'identity' | 'keeper' | 'db' | 'witness' | 'reach' | 'centreTime' | 'startedAt'> &
    Partial<Pick<StationGround, 'attachmentFolder' | 'room'>>,
  deps: ConnectionDeps,
): CentreConnection {
  const { log, now, devices, onChanged } = deps
  const { identity, keeper, db, witness, reach, centreTime, startedAt } = ground
  const { centreUrl, tenantId, dataFolder } = config
  const { stationId } = identity
  const counter = createRequestCounter(db, now)
  const signing = { centreUrl, tenantId, stationId, signingKey: () => keeper.signingKey, nextCounter: counter.next }
  const monotonic = () => performance.now()
  const windowMs = () => readStormWindow(db.sql)
  const comeback = createCentreReturn({ monotonic, random: Math.random, windowMs })
  const onReachable = (reachable: boolean) => {
    // Before those who are told that it is back: their calls are then let through.
    reach.note(reachable)
    comeback.note(reachable)
  }
  const onApproved = () => link.greetAnew()
  const pairing = createPairingWatch({ ...signing, appVersion, now, log, onReachable, onChanged, onApproved })
  // Out of quarantine leads only a key that the other machine has not.
  const pairingKey = () => (readMeta(db.sql, 'quarantined') === null ? keeper.signingKey : keeper.makeNextKey())
  const onStanding = noteStanding({
    ...{ db, keeper, log, now, onChanged },
    onUnknown: () => pairing.begin(pairingKey),
    onKnown: () => {
      if (pairing.end()) link.greetAnew()
    },
    onRevoked: () => link.lookForOrder(),
  })
  const hangingUp = new AbortController()
  const told = { onReachable, onStanding, onReplayed: counter.raiseAbove }
  const centre = createCentreClient({ ...signing, now, ...told, stopping: hangingUp.signal })
  const report = { db, dataFolder, appVersion, startedAt, devices: () => devices.healths(), now }
  const link = startCentreLink({
    ...{ db, witness, centre, centreTime, now, log, appVersion, report, signing, keeper, onReachable, onChanged },
    batchSize: new BatchSize(),
    ahead: new ReadAhead(),
    monotonic,
    comeback,
    boot: { bootId: randomUUID(), challenge: null },
    isReachable: () => reach.state.reachable,
    attachmentFolder: ground.attachmentFolder ?? join(dataFolder, 'attachments'),
    databaseKey: identity.databaseKey,
    isDiskTight: () => ground.room?.isTight() ?? false,
    onWipe: deps.onWipe,
    isPatientServed: deps.isPatientServed,
    hangUp: () => hangingUp.abort(),
  })
  return {
    ...link,
    pairing,
    async stop() {
      await Promise.all([pairing.stop(), link.stop()])
    },
  }
}
