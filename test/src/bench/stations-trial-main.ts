import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { silentLog } from '@yizhan/station-server/fixture/station-fixture'
import { fixtureWitness } from '@yizhan/station-server/fixture/station-folder'
import { openStationMemory } from '@yizhan/station-server/fixture/station-memory'
import { IdentityKeeper } from '@yizhan/station-server/identity/identity-keeper'
import { loadOrMakeIdentity } from '@yizhan/station-server/identity/station-identity'
import { type CentreConnection, connectToCentre } from '@yizhan/station-server/station/centre-connection'
import { CentreReach } from '@yizhan/station-server/station/centre-reach'
import { CentreTime } from '@yizhan/station-server/station/centre-time'
import { drawId } from '@yizhan/station-server/storage/drawn-id'
import { GroupCommit } from '@yizhan/station-server/storage/group-commit'
import type { StationDb } from '@yizhan/station-server/storage/station-db'
import { appendToOutbox, measureOutbox } from '@yizhan/station-server/sync/outbox'
import type { EnrolledStation } from './stations-fleet.ts'
import { answerTrials } from './trial-child.ts'

/** What the process of simulated stations is told to do. */
export type StationsQuestion =
  | { do: 'start'; stations: EnrolledStation[]; centreUrl: string; spreadMs: number }
  | { do: 'queue'; events: number }
  | { do: 'measure' }

/** The station's own code for all that talks to the centre, over a database in memory. */
interface RunningStation {
  db: StationDb
  connection: CentreConnection
}

const running: RunningStation[] = []
/** Made once by the real migrations; each station begins with a copy. */
const emptyDatabase = openStationMemory(null, randomBytes).serialize()

async function work(question: StationsQuestion): Promise<object> {
  if (question.do === 'start') {
    const { stations, centreUrl, spreadMs } = question
    for (const station of stations) {
      running.push(startOne(station, centreUrl))
      await sleep(spreadMs / stations.length)
    }
  }
  if (question.do === 'queue') {
    for (const { db, connection } of running) {
      await queueEvents(db, question.events)
      connection.sendSoon()
    }
  }
  return { unsent: running.reduce((sum, { db }) => sum + measureOutbox(db.sql).depth, 0) }
}

function startOne({ folder, tenantId }: EnrolledStation, centreUrl: string): RunningStation {
  const sql = openStationMemory(emptyDatabase, randomBytes)
  const commits = new GroupCommit(sql)
  const db: StationDb = {
    sql,
    transact: (unit) => commits.run(unit),
    isFull: () => false,
    close: async () => void sql.close(),
  }
  const identity = loadOrMakeIdentity(folder, Date.now)
  const ground = {
    identity,
    db,
    keeper: new IdentityKeeper(folder),
    witness: fixtureWitness(folder),
    reach: new CentreReach(Date.now),
    centreTime: new CentreTime(db, () => performance.now()),
    startedAt: Date.now(),
  }
  const connection = connectToCentre({ centreUrl, tenantId, dataFolder: folder }, ground, {
    log: silentLog,
    now: Date.now,
    devices: { healths: () => [] },
    onChanged: () => undefined,
    onWipe: () => undefined,
    isPatientServed: () => false,
  })
  return { db, connection }
}

/** As many slips as two busy hours print. */
async function queueEvents(db: StationDb, events: number): Promise<void> {
  await db.transact((sql) => {
    for (let at = 0; at < events; at += 1) {
      const settledAt = Date.now()
      const ids = { jobId: drawId(sql, settledAt), bookingId: drawId(sql, settledAt) }
      const body = { ...ids, state: 'confirmed' as const, copy: 1, settledAt, by: 'evidence' as const }
      appendToOutbox(sql, { type: 'ticket-print-settled', body }, settledAt)
    }
  })
}

answerTrials(work, async () => {
  await Promise.all(running.map(({ connection }) => connection.stop()))
})
