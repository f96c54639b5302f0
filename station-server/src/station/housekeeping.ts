import { randomUUID } from 'node:crypto'
import type { NumberWitness } from '../queue/number-witness.ts'
import type { DiskRoom } from '../storage/ballast.ts'
import { writeMeta } from '../storage/meta.ts'
import { writeOutboxCopy } from '../storage/outbox-copy.ts'
import { dropQuarantine } from '../storage/rebuild.ts'
import { StorageFullError } from '../storage/sql.ts'
import type { StationDb } from '../storage/station-db.ts'
import type { CentreTime } from './centre-time.ts'
import { purge, readableForMs } from './purge.ts'
import type { StationLog } from './station-log.ts'
import { startStationLoop } from './station-loop.ts'

/** What keeping house needs. */
export interface HousekeepingDeps {
  db: StationDb
  room: DiskRoom
  dataFolder: string
  copyFolder: string
  databaseKey: Uint8Array
  centreTime: CentreTime
  witness: NumberWitness
  now: () => number
  log: StationLog
  /** Told when the disk got tight, or has room again. */
  onRoomChanged: () => void
}

/** While the disk refuses writes, whether it takes them again is tried this often; a person has just made room. */
const diskPace = { idleMs: 5000, firstRetryMs: 5000, longestRetryMs: 5000 }
const hourMs = 60 * 60_000
const purgePace = { idleMs: hourMs, firstRetryMs: 60_000, longestRetryMs: hourMs }
/** The most that a disk which dies wholly may cost: an hour of what the centre has not yet. */
const copyPace = { idleMs: hourMs, firstRetryMs: 60_000, longestRetryMs: hourMs }
/** Whoever puts a disk back needs longer than that; a busy station then wears its flash by one page in so long. */
const witnessPace = { idleMs: 10_000, firstRetryMs: 10_000, longestRetryMs: 60_000 }

/**
 * Forgets in time what must be forgotten, keeps a second copy of the unsent outbox and the witness of it, and notices when the disk gets tight and
 * when it has room again.
 */
export function startHousekeeping(deps: HousekeepingDeps): { stop(): Promise<void> } {
  const { log } = deps
  const loops = [
    startStationLoop('purge', purgePace, log, () => forget(deps)),
    startStationLoop('disk-room', diskPace, log, () => lookAtDisk(deps)),
    startStationLoop('witness', witnessPace, log, async () => {
      deps.witness.noteOutbox(deps.db.sql)
      return 'done'
    }),
    startStationLoop('outbox-copy', copyPace, log, () => copyOutbox(deps)),
  ]
  return {
    async stop() {
      await Promise.all(loops.map((loop) => loop.stop()))
    },
  }
}

async function forget({ db, dataFolder, centreTime, now }: HousekeepingDeps): Promise<'done'> {
  const passed = centreTime.certainlyPassed()
  await purge(db, passed)
  // Named by the wall clock; the centre may not have been heard for days.
  dropQuarantine(dataFolder, { newest: Math.max(passed, now()), keptForMs: readableForMs })
  return 'done'
}

async function lookAtDisk({ db, room, log, onRoomChanged }: HousekeepingDeps): Promise<'done'> {
  if (db.isFull()) await tryToWrite(db)
  if (await room.look()) {
    log.warn({ tight: room.isTight() }, room.isTight() ? 'the disk is nearly full' : 'the disk has room again')
    onRoomChanged()
  }
  return 'done'
}

/** Whether the disk takes writes again is then seen by `isFull`; only that it has no room yet is no fault. */
async function tryToWrite(db: StationDb): Promise<void> {
  try {
    await db.transact((sql) => writeMeta(sql, 'disk-probe', randomUUID()))
  } catch (error) {
    if (!(error instanceof StorageFullError)) throw error
  }
}

async function copyOutbox({ db, copyFolder, databaseKey, room }: HousekeepingDeps): Promise<'done'> {
  if (!room.isTight()) await writeOutboxCopy(db, copyFolder, databaseKey)
  return 'done'
}
