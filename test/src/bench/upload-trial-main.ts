import { subscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'
import type { EventEnvelope } from '@yizhan/contracts/sync'
import { silentLog } from '@yizhan/station-server/fixture/station-fixture'
import { fixtureWitness, openFixtureDb } from '@yizhan/station-server/fixture/station-folder'
import { loadOrMakeIdentity } from '@yizhan/station-server/identity/station-identity'
import { CentreTime } from '@yizhan/station-server/station/centre-time'
import { BatchSize } from '@yizhan/station-server/sync/batch-size'
import { createCentreClient } from '@yizhan/station-server/sync/centre-client'
import { readUnsent } from '@yizhan/station-server/sync/outbox'
import { greetCentre, type OutboxDeps, sendEvents } from '@yizhan/station-server/sync/outbox-upload'
import { ReadAhead } from '@yizhan/station-server/sync/prepared-upload'
import { createRequestCounter } from '@yizhan/station-server/sync/request-counter'
import { queueCheckIns } from './check-in-events.ts'
import { answerTrials } from './trial-child.ts'

/** What the station's side of an upload is asked for: to fill its outbox, to tell what is in it, or to empty it. */
export type UploadQuestion = { act: 'fill'; count: number } | { act: 'tell' } | { act: 'upload' }

/** How an upload went. */
export interface UploadTrial {
  tookMs: number
  uploads: number
  /** Bytes that went through the sockets, both ways, HTTP headers included. */
  wireBytes: number
}

/** The station's own outbox and sync code in a process, without a screen: uploads when it is told to. */
const [folder = '', centreUrl = '', tenantId = ''] = process.argv.slice(2)
const db = openFixtureDb(folder)
const { stationId, signingKey } = loadOrMakeIdentity(folder, Date.now)
const ignore = () => undefined
const centre = createCentreClient({
  ...{ centreUrl, tenantId, stationId, signingKey: () => signingKey, now: Date.now },
  nextCounter: createRequestCounter(db, Date.now).next,
  ...{ onReachable: ignore, onStanding: ignore, onReplayed: ignore },
  stopping: new AbortController().signal,
})
const deps: Omit<OutboxDeps, 'batchSize'> = {
  ...{ db, witness: fixtureWitness(folder), centre, now: Date.now, log: silentLog, appVersion: '0.1.0' },
  centreTime: new CentreTime(db, () => performance.now()),
  monotonic: () => performance.now(),
  ahead: new ReadAhead(),
}
const sockets: Socket[] = []
subscribe('undici:client:connected', (message) => {
  sockets.push((message as { socket: Socket }).socket)
})
await greetCentre({ ...deps, batchSize: new BatchSize() })
answerTrials<UploadQuestion>(answer, () => db.close())

async function answer(question: UploadQuestion): Promise<object> {
  switch (question.act) {
    case 'fill':
      await queueCheckIns(db, question.count)
      return {}
    case 'tell':
      return { events: readUnsent(db.sql, 'ops', 1_000_000) satisfies EventEnvelope[] }
    case 'upload':
      return await upload()
  }
}

/** Sends until nothing waits, as the station's loop does; a batch size anew, as after a start. */
async function upload(): Promise<UploadTrial> {
  const batchSize = new BatchSize()
  const before = passedBytes()
  const startedAt = performance.now()
  for (let uploads = 1; ; uploads += 1) {
    const done = await sendEvents({ ...deps, batchSize })
    if (done === 'done') return { tookMs: performance.now() - startedAt, uploads, wireBytes: passedBytes() - before }
    if (done !== 'more') throw new Error('the centre was busy with nobody else')
  }
}

function passedBytes(): number {
  return sockets.reduce((sum, socket) => sum + socket.bytesWritten + socket.bytesRead, 0)
}
